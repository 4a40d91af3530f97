package io.quorate.backup.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.backup.SnapshotException;
import io.quorate.backup.archive.ArchiveImport;
import io.quorate.backup.archive.RestoreTarget;
import io.quorate.backup.schedule.BackupProgress.Kind;
import io.quorate.storage.Database;
import io.quorate.storage.StorageSettings;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Backups of a member whose clock on the wall was a year ahead for a while. */
class ClockJumpTests extends AgentCase {

    private static final Duration YEAR = Duration.ofDays(365);

    @BeforeEach
    void jump() {
        member.state.put("a", "1");
        member.step();
        member.wallOff = YEAR;
        member.state.put("a", "2");
        member.interval();
        assertThat(count("full")).as("one was due").isEqualTo(2);
        member.wallOff = Duration.ZERO;
        member.state.put("a", "3");
        member.interval();
    }

    @Test
    void lagWhenTheStoreIsAwayGrowsByTheTimeThatPasses() {
        store.away = true;
        member.state.put("a", "4");
        member.clock.advance(Duration.ofMinutes(10));
        member.step();
        assertThat(member.progress.lag()).isBetween(Duration.ofMinutes(10), Duration.ofMinutes(11));
    }

    @Test
    void lagWhenTheClockGoesForwardDoesNotJump() {
        store.away = true;
        member.state.put("a", "4");
        member.interval();
        member.wallOff = YEAR;
        assertThat(member.progress.lag()).isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void lastSuccessWhenTheClockIsBackIsNotInTheFuture() {
        member.clock.advance(Duration.ofDays(1));
        member.step();
        assertThat(member.progress.last(Kind.FULL).success()).isBeforeOrEqualTo(member.now());
        AgentFixture next = new AgentFixture(member.state, store, directory, member.now());
        next.step();
        assertThat(next.progress.last(Kind.FULL).success()).isBeforeOrEqualTo(next.now());
        assertThat(next.progress.lag()).isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void fullBackupWhenDueAfterwardsIsMadeOnceADay() {
        for (int day = 1; day <= 3; day++) {
            member.clock.advance(Duration.ofDays(1));
            member.step();
            member.clock.advance(Duration.ofHours(1));
            member.step();
        }
        assertThat(count("full")).isEqualTo(4); // of five, for the first one is older than three days
    }

    @Test
    void fullBackupWhenDueIsMadeByTheNextLeaderToo() {
        AgentFixture next = new AgentFixture(member.state, store, directory, member.now());
        next.step();
        long before = count("full");
        next.clock.advance(Duration.ofDays(1));
        next.step();
        assertThat(count("full")).isEqualTo(before + 1);
    }

    @Test
    void lostFullBackupWhenTheClockIsBackIsNoticed() throws IOException {
        store.objects.keySet().removeIf(name -> name.contains("/full/"));
        member.clock.advance(Duration.ofMinutes(11));
        member.step();
        member.interval();
        assertThat(count("full")).isEqualTo(1);
        assertThat(member.verify().revision()).isEqualTo(member.state.revision());
    }

    @Test
    void newestWhenTheClockWasAheadIsTheLastThatWasWritten() throws IOException {
        assertThat(member.plan(new RestoreTarget.Newest()).revision()).isEqualTo(member.state.revision());
        assertThat(member.verify().revision()).isEqualTo(member.state.revision());
    }

    @Test
    void bumpWhenNoRevisionIsLeftIsRefused() throws IOException {
        try (Database database = Database.open(directory.resolve("restored"), StorageSettings.DEFAULTS)) {
            ArchiveImport restore = new ArchiveImport(store, member.seal, database);
            assertThatThrownBy(() -> restore.run(member.plan(new RestoreTarget.Newest()), Long.MAX_VALUE - 1, true))
                    .isInstanceOf(SnapshotException.class)
                    .hasMessageContaining("cannot be raised by 9223372036854775806");
        }
    }
}
