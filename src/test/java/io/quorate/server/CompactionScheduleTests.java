package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The revision of each test is the minute, so that a due revision says how old the history is that stays. */
class CompactionScheduleTests {

    private final List<String> compactions = new ArrayList<>();

    private void run(CompactionSchedule schedule, int minutes) {
        for (int minute = 0; minute <= minutes; minute++) {
            long now = Duration.ofMinutes(minute).toNanos();
            long due = schedule.due(now, 1 + minute);
            if (due != 0) {
                compactions.add(minute + ":" + (due - 1));
                schedule.compacted(now, due);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "30, '30:0 60:30 90:60 120:90'",
        "60, '60:0 120:60 180:120'",
        "120, '120:0 180:60 240:120'",
        "600, '600:0 660:60 720:120'"
    })
    void periodicWhenTimePassesKeepsTheRetention(int retentionMinutes, String expected) {
        run(new PeriodicCompaction(Duration.ofMinutes(retentionMinutes), 0), retentionMinutes + 120);
        assertThat(compactions).startsWith(expected.split(" "));
    }

    @Test
    void periodicWhenNotDoneIsDueAtTheNextNote() {
        CompactionSchedule schedule = new PeriodicCompaction(Duration.ofMinutes(10), 0);
        List<Long> dues = new ArrayList<>();
        for (int minute = 0; minute <= 12; minute++) {
            dues.add(schedule.due(Duration.ofMinutes(minute).toNanos(), 100 + minute));
        }
        assertThat(dues.subList(0, 10)).containsOnly(0L);
        assertThat(dues.subList(10, 13)).containsExactly(100L, 101L, 102L);
    }

    @Test
    void periodicWhenNothingWasWrittenIsNotDueAgain() {
        CompactionSchedule schedule = new PeriodicCompaction(Duration.ofMinutes(10), 0);
        int dues = 0;
        for (int minute = 0; minute <= 100; minute++) {
            long now = Duration.ofMinutes(minute).toNanos();
            long due = schedule.due(now, 5);
            if (due != 0) {
                dues++;
                schedule.compacted(now, due);
            }
        }
        assertThat(dues).isEqualTo(1);
    }

    @Test
    void revisionWhenFiveMinutesPassKeepsSoMany() {
        run(new RevisionCompaction(4, 0), 15);
        assertThat(compactions).containsExactly("5:1", "10:6", "15:11");
    }

    @Test
    void revisionWhenThereAreFewerIsNotDue() {
        run(new RevisionCompaction(1000, 0), 60);
        assertThat(compactions).isEmpty();
    }

    /** Notes keep to their grid, however late one of them comes. */
    @Test
    void periodicWhenTheTimerPausedGoesOnWithItsNotes() {
        CompactionSchedule schedule = new PeriodicCompaction(Duration.ofMinutes(10), 0);
        for (int minute = 0; minute < 10; minute++) {
            schedule.due(Duration.ofMinutes(minute).toNanos(), 100 + minute);
        }
        assertThat(schedule.due(Duration.ofSeconds(13 * 60 + 30).toNanos(), 113))
                .isEqualTo(100);
        assertThat(schedule.due(Duration.ofSeconds(14 * 60).toNanos() - 1, 113)).isZero();
        assertThat(schedule.due(Duration.ofMinutes(14).toNanos(), 114)).isEqualTo(101);
    }

    @Test
    void revisionWhenTheFiveMinutesAreNotOverIsNotDue() {
        long start = Duration.ofMinutes(10).toNanos();
        CompactionSchedule schedule = new RevisionCompaction(4, start);
        assertThat(schedule.due(start, 10)).isZero();
        assertThat(schedule.due(start + Duration.ofMinutes(5).toNanos() - 1, 10))
                .isZero();
        assertThat(schedule.due(start + Duration.ofMinutes(5).toNanos(), 10)).isEqualTo(6);
    }

    @Test
    void revisionWhenNothingWasWrittenSinceIsNotDueAgain() {
        CompactionSchedule schedule = new RevisionCompaction(4, 0);
        long five = Duration.ofMinutes(5).toNanos();
        assertThat(schedule.due(five, 10)).isEqualTo(6);
        schedule.compacted(five, 6);
        assertThat(schedule.due(2 * five, 10)).isZero();
        assertThat(schedule.due(3 * five, 11)).isEqualTo(7);
    }
}
