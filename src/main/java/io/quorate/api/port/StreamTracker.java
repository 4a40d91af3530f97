package io.quorate.api.port;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;

/**
 * Registers every call that may not end by itself with {@link OpenStreams}, which ends it with etcd's error when the server
 * stops, or when the leader is lost and the client asked for one.
 *
 * <p>The end comes from a thread that the service does not know of, while calls are not thread-safe; so output and
 * callbacks of a streaming call each pass a lock, and what the service sends after the end is dropped. The service learns
 * of the end as of a cancelled call.
 */
@RequiredArgsConstructor
final class StreamTracker implements ServerInterceptor {

    private static final Metadata.Key<String> HAS_LEADER =
            Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER);

    private final OpenStreams streams;

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (endsByItself(call.getMethodDescriptor())) {
            return next.startCall(call, headers);
        }
        TrackedCall<Q, A> tracked = new TrackedCall<>(call);
        TrackedListener<Q> listener = new TrackedListener<>(tracked, next.startCall(tracked, headers));
        tracked.registration = streams.register(
                reason -> {
                    if (tracked.stop(reason)) {
                        listener.cancelled();
                    }
                },
                "true".equals(headers.get(HAS_LEADER)));
        if (tracked.hasEnded()) { // refused while it began: its transport may have nobody to tell of the end
            tracked.forget();
        }
        return listener;
    }

    /** Streams do not; and whoever waits for a lock or an election may wait for ever, on a unary call. */
    static boolean endsByItself(MethodDescriptor<?, ?> method) {
        String service = method.getServiceName();
        return method.getType() == MethodType.UNARY
                && (service == null || !(service.startsWith("v3lockpb.") || service.startsWith("v3electionpb.")));
    }

    private static final class TrackedCall<Q, A> extends SimpleForwardingServerCall<Q, A> {

        private OpenStreams.@Nullable Registration registration;
        private boolean ended;
        private volatile boolean stopped;

        TrackedCall(ServerCall<Q, A> delegate) {
            super(delegate);
        }

        @Override
        public synchronized void sendHeaders(Metadata headers) {
            if (!ended) {
                super.sendHeaders(headers);
            }
        }

        @Override
        public synchronized void sendMessage(A message) {
            if (!ended) {
                super.sendMessage(message);
            }
        }

        @Override
        public synchronized void close(Status status, Metadata trailers) {
            if (!ended) {
                ended = true;
                super.close(status, trailers);
            }
        }

        synchronized boolean stop(Status reason) {
            if (ended) {
                return false;
            }
            ended = true;
            stopped = true; // before the transport, on its own thread, can tell that the call is complete
            super.close(reason, new Metadata());
            return true;
        }

        synchronized boolean hasEnded() {
            return ended;
        }

        void forget() {
            OpenStreams.Registration known = registration;
            if (known != null) {
                known.close();
            }
        }
    }

    private static final class TrackedListener<Q> extends SimpleForwardingServerCallListener<Q> {

        private final TrackedCall<Q, ?> call;
        private boolean over;

        TrackedListener(TrackedCall<Q, ?> call, ServerCall.Listener<Q> delegate) {
            super(delegate);
            this.call = call;
        }

        /** The server ended the call. The transport may have told of that already. */
        void cancelled() {
            onCancel();
        }

        @Override
        public synchronized void onMessage(Q message) {
            if (!over) {
                super.onMessage(message);
            }
        }

        @Override
        public synchronized void onHalfClose() {
            if (!over) {
                super.onHalfClose();
            }
        }

        @Override
        public synchronized void onReady() {
            if (!over) {
                super.onReady();
            }
        }

        @Override
        public synchronized void onCancel() {
            if (end()) {
                super.onCancel();
            }
        }

        @Override
        public synchronized void onComplete() {
            if (!end()) {
                return;
            }
            if (call.stopped) {
                super.onCancel();
            } else {
                super.onComplete();
            }
        }

        private boolean end() {
            call.forget();
            boolean first = !over;
            over = true;
            return first;
        }
    }
}
