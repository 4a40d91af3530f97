package io.quorate.api.grpc;

import com.google.protobuf.Message;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.quorate.audit.AuditRecord;
import io.quorate.audit.AuditTrail;
import io.quorate.audit.AuditedRange;
import io.quorate.identity.Identity;
import io.quorate.proto.WatchResponse;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;

/**
 * Adds calls to the audit trail when they end. Sees them over gRPC and over JSON, as every interceptor does.
 * While there is no trail calls pass untouched.
 */
@RequiredArgsConstructor
public final class AuditedCalls implements ServerInterceptor {

    private final AuditTrail trail;
    private final Callers callers;
    private final Access access;

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (!trail.isOn()) {
            return next.startCall(call, headers);
        }
        Audited audited = new Audited(
                call.getMethodDescriptor().getFullMethodName(),
                client(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)),
                callers.of(call.getAttributes(), headers));
        ServerCall.Listener<Q> listener = next.startCall(
                new SimpleForwardingServerCall<>(call) {
                    @Override
                    public void sendMessage(A message) {
                        audited.answer(message);
                        super.sendMessage(message);
                    }

                    @Override
                    public void close(Status status, Metadata trailers) {
                        audited.end(status);
                        super.close(status, trailers);
                    }
                },
                headers);
        return new SimpleForwardingServerCallListener<>(listener) {
            @Override
            public void onMessage(Q message) {
                audited.request(message);
                super.onMessage(message);
            }

            @Override
            public void onCancel() {
                audited.end(Status.CANCELLED);
                super.onCancel();
            }
        };
    }

    private static String client(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
                : String.valueOf(address);
    }

    /** What is known of one call. Requests and answers come on threads that hand over to each other. */
    private final class Audited {

        private final String method;
        private final String client;
        private final Caller caller;
        private final AtomicBoolean ended = new AtomicBoolean();
        private final List<AuditedRange> ranges = new ArrayList<>();
        private volatile @Nullable String subject;
        private volatile @Nullable Identity identity;
        private volatile AuditRecord.Kind kind = AuditRecord.Kind.OTHER;
        private volatile long revision;
        private int omitted;

        Audited(String method, String client, Caller caller) {
            this.method = method;
            this.client = client;
            this.caller = caller;
        }

        void request(@Nullable Object request) {
            if (request instanceof Message message) {
                if (identity == null) { // now: the call may be the one that ends all identities
                    identity = access.known(caller);
                }
                AuditedRequest described = AuditedRequest.of(method, message);
                kind = described.kind();
                subject = described.subject();
                synchronized (ranges) {
                    for (AuditedRange range : described.ranges()) {
                        if (ranges.size() < AuditedRequest.RANGES_MAX) {
                            ranges.add(range);
                        } else {
                            omitted++;
                        }
                    }
                }
            }
        }

        void answer(@Nullable Object answer) {
            if (answer instanceof Message message) {
                revision = AuditedRequest.revision(message);
                if (message instanceof WatchResponse watched && AuditedRequest.isRefusal(watched)) {
                    refusedWatcher();
                }
            }
        }

        /** A refused watcher is an answer on a stream that goes on, and still a refusal. */
        private void refusedWatcher() {
            if (trail.wants(kind, true)) {
                trail.add(record(Status.PERMISSION_DENIED, true));
            }
        }

        void end(Status status) {
            boolean refused = AuditedRequest.isRefusal(status);
            if (ended.compareAndSet(false, true) && trail.wants(kind, refused)) {
                trail.add(record(status, refused));
            }
        }

        private AuditRecord record(Status status, boolean refused) {
            Identity known = identity == null ? access.known(caller) : identity;
            AuditRecord.AuditRecordBuilder record = AuditRecord.builder()
                    .kind(kind)
                    .refused(refused)
                    .client(client)
                    .call(method)
                    .subject(subject)
                    .code(status.getCode().name())
                    .revision(revision);
            if (known != null && known.revision() != 0) {
                record.user(known.user()).origin(known.origin().name().toLowerCase(Locale.ROOT));
            }
            synchronized (ranges) {
                return record.ranges(List.copyOf(ranges)).omitted(omitted).build();
            }
        }
    }
}
