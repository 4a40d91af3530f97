package io.quorate.api.port;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.util.concurrent.Executor;

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

    /** Makes the loops known to their threads, before these see a connection. */
    static void register(EventLoopGroup loops) {
        loops.forEach(loop -> loop.execute(() -> OWN.set((EventLoop) loop)));
    }
}
