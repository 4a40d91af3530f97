package io.quorate.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** When long work rests, by clocks that only the test and the rests move. */
class BackgroundPaceTests {

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final List<Long> rests = new ArrayList<>();
    private long now = Long.MAX_VALUE - MILLI; // a clock may begin anywhere
    private long processor = 5 * MILLI;
    private long writes = 7;
    private final BackgroundPace pace = new BackgroundPace(() -> writes, () -> now, () -> processor, this::rest);

    private void rest(long nanos) {
        rests.add(nanos);
        now += nanos;
    }

    private void work(long nanos) {
        processor += nanos;
        now += nanos;
        pace.step();
    }

    @Test
    void stepWithoutWritersNeverRests() {
        pace.step();
        for (int i = 0; i < 1_000; i++) {
            work(MILLI);
        }

        assertThat(rests).isEmpty();
    }

    @Test
    void stepWhileWritersAreThereRestsThreeTimesAsLongAsItWorked() {
        pace.step();
        for (int i = 0; i < 100; i++) {
            writes++;
            work(MILLI);
        }

        assertThat(rests).hasSize(50).containsOnly(6 * MILLI);
    }

    @Test
    void stepAfterLongWorkRestsAsAfterTenMilliseconds() {
        pace.step();
        writes++;
        work(TimeUnit.MINUTES.toNanos(5));

        assertThat(rests).containsExactly(30 * MILLI);
    }

    @Test
    void stepOfAJobThatMostlyWaitsRestsForItsWorkOnly() {
        pace.step();
        for (int i = 0; i < 100; i++) {
            writes++;
            now += 50 * MILLI;
            work(MILLI / 2);
        }

        assertThat(rests).hasSize(25).containsOnly(6 * MILLI);
    }

    @Test
    void stepSomeTimeAfterTheLastWriteRestsNoMore() {
        pace.step();
        writes++;
        for (int i = 0; i < 1_000; i++) {
            work(2 * MILLI);
        }

        assertThat(rests).hasSize(13); // 8 ms each until 100 ms are over
    }

    @Test
    void stepWhenWritersComeBackRestsForWhatIsDoneSince() {
        pace.step();
        work(200 * MILLI);
        writes++;
        work(2 * MILLI);

        assertThat(rests).containsExactly(6 * MILLI);
    }

    @Test
    void stepBeforeASliceIsOverDoesNotRest() {
        pace.step();
        writes++;
        work(BackgroundPace.SLICE_NANOS - 1);

        assertThat(rests).isEmpty();
    }
}
