package io.quorate.embedded;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One member of an {@link EmbeddedQuorate}, through all its restarts. Any thread. */
public final class EmbeddedMember {

    private final MemberPlan plan;
    private final Supplier<RunningMember> starting;
    private volatile @Nullable RunningMember running; // changed with the monitor held
    private boolean closed;

    EmbeddedMember(MemberPlan plan, Supplier<RunningMember> starting) {
        this.plan = plan;
        this.starting = starting;
    }

    /** Its name: m1, m2 or m3. */
    public String name() {
        return plan.name();
    }

    /** Where clients reach it, stopped or not: a restart keeps it. */
    public URI endpoint() {
        return plan.endpoint();
    }

    /** Whether it runs. */
    public boolean isRunning() {
        RunningMember current = running;
        return current != null && current.isRunning();
    }

    /** Stops it in order: it sends its clients away and hands its leadership over. Does nothing if it does not run. */
    public synchronized void stop() {
        RunningMember current = running;
        running = null;
        if (current != null) {
            current.stop();
        }
    }

    /**
     * Ends it without a word: the others find out when they hear nothing for an election timeout. A process is killed. In this JVM
     * the files of the member are closed as in a stop, since the JVM goes on. Does nothing if it does not run.
     */
    public synchronized void kill() {
        RunningMember current = running;
        running = null;
        if (current != null) {
            current.kill();
        }
    }

    /**
     * Starts it again on its data, after a stop if it runs. Returns when it serves clients; for that a majority must run.
     *
     * @throws IllegalStateException if it does not start within two minutes, or the cluster was closed
     */
    public void restart() {
        stop();
        Starts.run(List.of(this));
    }

    synchronized void start() {
        if (closed) {
            throw new IllegalStateException("the cluster was closed");
        }
        if (running == null) {
            running = starting.get();
        }
    }

    synchronized void close() {
        closed = true;
        kill();
    }

    /** Does nothing if it does not run. */
    synchronized void advanced(Duration by) {
        RunningMember current = running;
        if (current != null && current.isRunning()) {
            current.advanced(by);
        }
    }
}
