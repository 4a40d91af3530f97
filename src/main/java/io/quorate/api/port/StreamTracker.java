package io.quorate.api.port;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.MessageLite;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.quorate.base.Stages;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;

/**
 * Registers every call that may not end by itself with {@link OpenStreams}, which ends it with etcd's error when the server
 * stops, or when the leader is lost and the client asked for one.
 *
 * <p>The end comes from a thread that the service does not know of, while calls are not thread-safe; so output and
 * callbacks of a streaming call each pass a lock, and what the service sends after the end is dropped. The service learns
 * of the end as of a cancelled call.
 *
 * <p>What streams have framed and their clients do not
 * take is accounted for: while there is too much of it, no stream is ready for more. So is what a call keeps for as long as it
 * goes on, itself and its request where it has only one; a call for which there is no room is refused.
 */
@RequiredArgsConstructor
final class StreamTracker implements ServerInterceptor {

    private static final Metadata.Key<String> HAS_LEADER =
            Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER);

    /** What a call takes that goes on: its stream, its call, the service's own state. */
    private static final int CALL_BYTES = 8 * 1024;

    /** A request that is kept exists as it came and in parts. */
    private static final int REQUEST_FORMS = 2;

    private final OpenStreams streams;
    private final ClientMemory memory;

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (endsByItself(call.getMethodDescriptor())) {
            return next.startCall(call, headers);
        }
        TrackedCall<Q, A> tracked = new TrackedCall<>(call, memory);
        if (!tracked.keep(CALL_BYTES)) {
            call.close(UnaryCall.EXHAUSTED, new Metadata());
            return new ServerCall.Listener<>() {};
        }
        TrackedListener<Q> listener = new TrackedListener<>(tracked, next.startCall(tracked, headers));
        tracked.listener = listener;
        Consumer<Status> end = reason -> {
            if (tracked.stop(reason)) {
                listener.cancelled();
            }
        };
        tracked.registration = streams.register(end, "true".equals(headers.get(HAS_LEADER)));
        if (tracked.hasEnded()) { // refused while it began: its transport may have nobody to tell of the end
            tracked.forget();
        }
        return listener;
    }

    /** Streams do not; and a unary call that waits for a lock or an election may wait forever. */
    static boolean endsByItself(MethodDescriptor<?, ?> method) {
        String service = method.getServiceName();
        return method.getType() == MethodType.UNARY
                && (service == null || !(service.startsWith("v3lockpb.") || service.startsWith("v3electionpb.")));
    }

    private static final class TrackedCall<Q, A> extends SimpleForwardingServerCall<Q, A> {

        private final MemoryBudget buffers;
        private final MemoryBudget messages;
        private final Executor loop = CallLoop.current();
        // Set once, while the call begins; another thread may end the call meanwhile.
        private volatile OpenStreams.@Nullable Registration registration;
        private volatile @Nullable TrackedListener<Q> listener;

        @GuardedBy("this")
        private boolean ended;

        @GuardedBy("this")
        private boolean waiting;

        @GuardedBy("this")
        private long heldBytes;

        @GuardedBy("this")
        private long keptBytes;

        private volatile boolean stopped;

        TrackedCall(ServerCall<Q, A> delegate, ClientMemory memory) {
            super(delegate);
            this.buffers = memory.buffers();
            this.messages = memory.messages();
        }

        /** Holds what stays until the call is over, if there is room for it. */
        synchronized boolean keep(long bytes) {
            boolean room = messages.holdLasting(bytes);
            if (room) {
                keptBytes += bytes;
            }
            return room;
        }

        /** The same for a request, if it is the only one: of many, the service keeps what it accounts for itself. */
        boolean keepOnly(Q request) {
            return !getMethodDescriptor().getType().clientSendsOneMessage()
                    || !(request instanceof MessageLite lite)
                    || keep((long) REQUEST_FORMS * lite.getSerializedSize());
        }

        @Override
        public synchronized void sendHeaders(Metadata headers) {
            if (!ended) {
                super.sendHeaders(headers);
            }
        }

        @Override
        public synchronized void sendMessage(A message) {
            if (ended) {
                return;
            }
            long bytes = message instanceof MessageLite lite ? lite.getSerializedSize() : 0;
            buffers.hold(bytes);
            heldBytes += bytes;
            super.sendMessage(message);
            if (super.isReady()) { // it has left, or nearly so
                releaseBuffers();
            }
        }

        /** A client that takes nothing, and one that must wait for others, are the same to a service. */
        @Override
        public synchronized boolean isReady() {
            if (!super.isReady()) {
                return false;
            }
            if (buffers.heldBytes() < buffers.limitBytes()) {
                return true;
            }
            if (!waiting && !ended) {
                waiting = true;
                Stages.whenDone(
                        "waiting for memory",
                        buffers.await(1),
                        (granted, failure) -> loop.execute(() -> goOn(granted)));
            }
            return false;
        }

        private void goOn(boolean granted) {
            if (granted) {
                buffers.release(1);
            }
            synchronized (this) {
                waiting = false;
            }
            TrackedListener<Q> known = listener;
            if (known != null) {
                known.onReady();
            }
        }

        synchronized void releaseBuffers() {
            buffers.release(heldBytes);
            heldBytes = 0;
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

        private synchronized void releaseKept() {
            if (keptBytes > 0) {
                messages.releaseLasting(keptBytes);
                keptBytes = 0;
            }
        }

        void forget() {
            releaseBuffers();
            releaseKept();
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
            if (over) {
                return;
            }
            if (call.keepOnly(message)) {
                super.onMessage(message);
            } else if (call.stop(UnaryCall.EXHAUSTED)) {
                cancelled();
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
                call.releaseBuffers();
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
