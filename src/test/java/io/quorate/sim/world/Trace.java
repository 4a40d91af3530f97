package io.quorate.sim.world;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The last things that happened, kept unformatted, since only a failed run shows them: {@code -Dsimulation.trace=N} of
 * them.
 */
public final class Trace {

    private static final int LINES_MAX = Integer.getInteger("simulation.trace", 150);

    private record Line(
            long atMicros, String what, @Nullable Object[] details) {

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%11.6f  ", atMicros / 1e6) + String.format(Locale.ROOT, what, details);
        }
    }

    private final Timeline timeline;
    private final Deque<Line> lines = new ArrayDeque<>();

    public Trace(Timeline timeline) {
        this.timeline = timeline;
    }

    /** Notes that something happened now; the details must not change afterwards. */
    public void note(String what, @Nullable Object... details) {
        if (lines.size() == LINES_MAX) {
            lines.removeFirst();
        }
        lines.addLast(new Line(timeline.nowMicros(), what, details));
    }

    /** Simulated seconds and what happened then, one line each, the newest last. */
    public String text() {
        return lines.stream().map(Line::toString).collect(Collectors.joining("\n"));
    }
}
