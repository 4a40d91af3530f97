package io.quorate.api.port;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The event loop on which a call came in. Code that answers it later from another thread does so best by handing the answer
 * to this loop: framing it takes time, and {@code apply} is one thread for all.
 */
public final class CallLoop {

    private static final ThreadLocal<Executor> OWN = ThreadLocal.withInitial(() -> Runnable::run);

    private CallLoop() {}

    /** The loop of this thread; on any other thread an executor that runs at once whatever it is given. */
    public static Executor current() {
        return OWN.get();
    }

    /** Runs something on the loop of this thread after a time; null on any other thread, where nothing comes of it. */
    static @Nullable Future<?> later(Runnable action, long nanos) {
        return OWN.get() instanceof EventLoop loop ? loop.schedule(action, nanos, TimeUnit.NANOSECONDS) : null;
    }

    /** Makes the loops known to their threads, before these see a connection. */
    static void register(EventLoopGroup loops) {
        loops.forEach(loop -> loop.execute(() -> OWN.set((EventLoop) loop)));
    }
}
