package io.quorate.api.port;

import io.grpc.Context;
import io.grpc.ServerCall;
import io.quorate.base.CallTrace;
import io.quorate.base.Stages;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A service as a call without a transport of gRPC sees it: what it is told, and the requests that wait until it wants them. Used by the one
 * event loop of the call, so that what the service is told never overlaps.
 */
public final class ServiceSide<Q> {

    private final String name;
    private final Call call;
    private final CallTracer tracer;
    private final Context context;
    private final ArrayDeque<Q> requests = new ArrayDeque<>();

    private ServerCall.Listener<Q> listener = new ServerCall.Listener<>() {};
    private int wanted;
    private boolean started;
    private boolean requestsEnded;
    private boolean halfClosed;
    private boolean delivering;

    /** The call. */
    public interface Call {

        /** Whether it has ended, and the service is told of no request any more. */
        boolean isOver();

        /** The service threw something, which fails its call; it stays in the log. */
        void serviceFailed();

        /** A request came, and so many wait now. */
        default void added(int waiting) {}

        /** One of so many requests that wait is about to be taken. */
        default void taking(int waiting) {}
    }

    /**
     * @param name of the method
     * @param context in which the service works
     */
    public ServiceSide(String name, Call call, CallTracer tracer, Context context) {
        this.name = name;
        this.call = call;
        this.tracer = tracer;
        this.context = context;
    }

    /** Begins the call; gives the service the requests that it wants from then on. */
    public void start(Supplier<ServerCall.Listener<Q>> begin) {
        if (!call.isOver()) {
            tell(ignored -> listener = begin.get());
        }
        started = true;
        ready();
        deliver();
    }

    /** A request came. */
    public void add(Q request) {
        requests.add(request);
        call.added(requests.size());
        deliver();
    }

    /** No more requests follow. */
    public void endRequests() {
        requestsEnded = true;
        deliver();
    }

    /** Whether a request waits until the service wants it. */
    boolean hasWaiting() {
        return !requests.isEmpty();
    }

    /** The service wants so many more. */
    public void want(int count) {
        wanted += count;
        deliver();
    }

    /** More answers are welcome. */
    public void ready() {
        if (!call.isOver()) {
            tell(ServerCall.Listener::onReady);
        }
    }

    /** The answer is complete. */
    public void complete() {
        tell(ServerCall.Listener::onComplete);
    }

    /** Nobody waits for an answer any more. */
    public void cancel() {
        requests.clear();
        tell(ServerCall.Listener::onCancel);
    }

    private void deliver() {
        if (delivering || !started) {
            return;
        }
        delivering = true;
        try {
            while (wanted > 0 && !requests.isEmpty() && !call.isOver()) {
                wanted--;
                call.taking(requests.size());
                Q request = requests.remove();
                tell(service -> service.onMessage(request));
            }
            if (requestsEnded && requests.isEmpty() && !halfClosed && !call.isOver()) {
                halfClosed = true;
                tracer.trace().reach(CallTrace.Step.RECEIVED);
                tell(ServerCall.Listener::onHalfClose);
            }
        } finally {
            delivering = false;
        }
    }

    private void tell(Consumer<ServerCall.Listener<Q>> event) {
        Context previous = context.attach();
        CallTrace before = tracer.trace().enter();
        try {
            event.accept(listener);
        } catch (RuntimeException | Error e) { // as grpc-java does: the call ends, the port serves on
            Stages.report(name, e);
            call.serviceFailed();
        } finally {
            before.enter();
            context.detach(previous);
        }
    }
}
