package io.quorate.wiring;

import lombok.RequiredArgsConstructor;
import org.springframework.context.SmartLifecycle;

/** Something to be done in a phase of the start, which leaves nothing to stop. */
@RequiredArgsConstructor
abstract class StartStep implements SmartLifecycle {

    private final int phase;
    private volatile boolean running;

    /** Does it; what it throws ends the start. */
    abstract void run();

    @Override
    public final void start() {
        running = true;
        run();
    }

    @Override
    public final void stop() {
        running = false;
    }

    @Override
    public final boolean isRunning() {
        return running;
    }

    @Override
    public final int getPhase() {
        return phase;
    }
}
