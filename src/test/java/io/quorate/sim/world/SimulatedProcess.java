package io.quorate.sim.world;

/**
 * A process as the operating system treats it: it may be killed at any moment, and stopped for a while with everything in
 * it. What it planned before it died never happens; what it planned before it was stopped happens afterwards, in order.
 */
public final class SimulatedProcess {

    private final Timeline timeline;
    private long incarnation;
    private boolean alive = true;
    private long stoppedUntilMicros;

    public SimulatedProcess(Timeline timeline) {
        this.timeline = timeline;
    }

    public boolean isAlive() {
        return alive;
    }

    /** Plans something that this process does. */
    public void after(long micros, Runnable action) {
        long planner = incarnation;
        timeline.after(micros, () -> run(planner, action));
    }

    private void run(long planner, Runnable action) {
        if (!alive || incarnation != planner) {
            return;
        }
        long wait = stoppedUntilMicros - timeline.nowMicros();
        if (wait > 0) {
            timeline.after(wait, () -> run(planner, action));
        } else {
            action.run();
        }
    }

    /** Kills it. */
    public void kill() {
        alive = false;
        incarnation++;
    }

    /** Starts it again. */
    public void start() {
        alive = true;
        stoppedUntilMicros = 0;
    }

    /** Stops it for a while, like a long garbage collection or a migrated virtual machine. */
    public void stopFor(long micros) {
        stoppedUntilMicros = Math.max(stoppedUntilMicros, timeline.nowMicros() + micros);
    }

    /** Lets it go on at once. */
    public void resume() {
        stoppedUntilMicros = 0;
    }
}
