package io.quorate.sim.world;

import java.time.Duration;
import java.util.Locale;
import java.util.function.LongToDoubleFunction;
import java.util.stream.LongStream;

/**
 * Which seeds a test runs. {@code -Dsimulation.seed=N} runs that one, {@code -Dsimulation.seeds=N} and
 * {@code -Dsimulation.minutes=M} bound a long run by number and time, {@code -Dsimulation.first=N} says where it begins.
 */
public final class Seeds {

    private static final String CHOSEN = "simulation.seed";
    private static final String COUNT = "simulation.seeds";
    private static final String MINUTES = "simulation.minutes";
    private static final String FIRST = "simulation.first";

    private Seeds() {}

    /** The first seeds and those that found mistakes, or the chosen one. */
    public static LongStream first(int count, long... regressions) {
        Long chosen = Long.getLong(CHOSEN);
        return chosen != null
                ? LongStream.of(chosen)
                : LongStream.concat(LongStream.range(0, count), LongStream.of(regressions));
    }

    /**
     * Runs seeds until their number or the time is used up, and says how far it came.
     *
     * @param what named in the report
     * @param run runs a seed and says how many simulated seconds it took
     */
    public static void sweep(String what, LongToDoubleFunction run) {
        long count = Long.getLong(COUNT, Long.MAX_VALUE / 2);
        long first = Long.getLong(FIRST, 1_000);
        long minutes = Long.getLong(MINUTES, count < Long.MAX_VALUE / 2 ? 24 * 60 : 1);
        long deadline = System.nanoTime() + Duration.ofMinutes(minutes).toNanos();
        long seed = first;
        double seconds = 0;
        while (seed < first + count && System.nanoTime() - deadline < 0) {
            seconds += run.applyAsDouble(seed++);
        }
        System.out.printf(
                Locale.ROOT,
                "%s: seeds %d to %d ran clean, %.1f simulated hours%n",
                what,
                first,
                seed - 1,
                seconds / Duration.ofHours(1).toSeconds());
    }

    /** A failure with all that is needed to see it again. */
    public static AssertionError failure(Class<?> test, long seed, Trace trace, Throwable cause) {
        String text = "seed " + seed + ": " + cause.getMessage() + "\n\nwhat happened last:\n" + trace.text()
                + "\n\nseed " + seed + " failed: " + cause.getMessage() + "\nrepeat with: mvn test -Dtest="
                + test.getSimpleName() + " -D" + CHOSEN + "=" + seed;
        return new AssertionError(text, cause);
    }
}
