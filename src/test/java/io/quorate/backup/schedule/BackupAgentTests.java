package io.quorate.backup.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.quorate.backup.BackedUpState;
import io.quorate.backup.archive.ArchiveImport;
import io.quorate.backup.archive.RestoreTarget;
import io.quorate.backup.archive.Seal;
import io.quorate.backup.schedule.BackupProgress.Kind;
import io.quorate.base.Bytes;
import io.quorate.fixture.Expected;
import io.quorate.fixture.MeterReader;
import io.quorate.mvcc.HashKv;
import io.quorate.mvcc.StoredHistory;
import io.quorate.storage.Database;
import io.quorate.storage.Family;
import io.quorate.storage.StorageSettings;
import io.quorate.storage.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class BackupAgentTests extends AgentCase {

    @Test
    void firstRoundWhenStoreIsEmptyMakesFullBackup() throws IOException {
        member.state.put("a", "1");
        member.step();
        assertThat(count("full")).isEqualTo(1);
        assertThat(count("log")).isZero();
        assertThat(member.verify().revision()).isEqualTo(2);
    }

    @Test
    void roundsWhenKeysChangeAppendSegmentsThatRestoreEachRevision() throws IOException {
        Map<Long, HashKv.Result> truth = new HashMap<>();
        SplittableRandom random = new SplittableRandom(11);
        member.step();
        for (int round = 0; round < 12; round++) {
            for (int change = random.nextInt(5); change >= 0; change--) {
                String key = "k" + random.nextInt(6);
                long revision = switch (random.nextInt(3)) {
                    case 0 -> member.state.delete(key);
                    case 1 ->
                        member.state.txn(txn -> {
                            for (int sub = 0; sub < 3; sub++) {
                                var unused =
                                        txn.put(Bytes.utf8(key + sub), ByteString.copyFromUtf8("v" + sub), 0, false);
                            }
                        });
                    default -> member.state.put(key, "v" + round);
                };
                truth.put(revision, member.state.hashKv(revision));
            }
            member.interval();
        }
        assertThat(count("full")).isEqualTo(1);
        assertThat(count("log")).isGreaterThan(8);
        for (Map.Entry<Long, HashKv.Result> each : truth.entrySet()) {
            assertThat(hashOfRestored(new RestoreTarget.Revision(each.getKey()), each.getKey()))
                    .as("revision %s", each.getKey())
                    .isEqualTo(each.getValue().hash());
        }
    }

    private int hashOfRestored(RestoreTarget target, long revision) throws IOException {
        int[] hash = {0};
        restored(target, database -> {
            try (View view = database.view()) {
                StoredHistory history = new StoredHistory(view);
                assertThat(history.newestRevision()).isEqualTo(revision);
                hash[0] = history.hashKv(revision, history.compactedRevision()).hash();
            }
        });
        return hash[0];
    }

    private void restored(RestoreTarget target, Consumer<Database> check) throws IOException {
        Path into = directory.resolve("restored-" + store.calls);
        try (Database database = Database.open(into, StorageSettings.DEFAULTS)) {
            var unused = new ArchiveImport(store, member.seal, database).run(member.plan(target), 0, false);
            check.accept(database);
        }
    }

    @Test
    void segmentWhenBytesComeIsWrittenBeforeItsTime() throws IOException {
        member.step();
        long revision = member.state.put("a", "1");
        member.written += 64 << 10;
        member.step();
        assertThat(member.verify().revision()).isEqualTo(revision);
    }

    @Test
    void segmentsWhenMuchIsWrittenAreCutAtRevisions() throws IOException {
        member.step();
        String value = "x".repeat(10_000);
        for (int i = 0; i < 40; i++) {
            member.state.put("k" + i, value);
        }
        member.interval();
        assertThat(count("log")).isGreaterThan(4);
        assertThat(member.verify().revision()).isEqualTo(member.state.revision());
        assertThat(member.verify().witnessed()).isEqualTo(member.state.revision());
    }

    @Test
    void roundWhenNothingChangedWritesNothing() {
        member.state.put("a", "1");
        member.step();
        member.interval();
        Map<String, byte[]> before = new TreeMap<>(store.objects);
        member.interval();
        assertThat(store.objects).containsExactlyEntriesOf(before);
        assertThat(member.progress.lag()).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void leasesWhenGrantedWithoutRevisionAreRestored() throws IOException {
        member.state.grant(7, 100);
        member.step();
        member.state.grant(8, 100);
        member.state.user("alice", "record");
        member.interval();
        restored(new RestoreTarget.Newest(), database -> {
            assertThat(BackedUpState.records(database, Family.LEASE))
                    .isEqualTo(BackedUpState.records(member.state.database(), Family.LEASE))
                    .hasSize(2);
            assertThat(BackedUpState.records(database, Family.USER)).hasSize(1);
        });
    }

    @Test
    void leaseWhenItCameAndWentBetweenSegmentsIsThereForItsKeys() throws IOException {
        member.step();
        member.state.grant(9, 5);
        long attached = member.state.put("short", "1", 9);
        member.state.delete("short");
        member.state.revoke(9);
        member.interval();
        restored(
                new RestoreTarget.Revision(attached),
                database -> assertThat(BackedUpState.records(database, Family.LEASE))
                        .hasSize(1));
        restored(
                new RestoreTarget.Newest(),
                database -> assertThat(BackedUpState.records(database, Family.LEASE))
                        .isEmpty());
    }

    @Test
    void storeWhenAwayForAnHourCostsOnlyLag() throws IOException {
        member.state.put("a", "1");
        member.step();
        store.away = true;
        for (int i = 0; i < 60; i++) {
            member.state.put("a" + i, "1");
            member.clock.advance(Duration.ofMinutes(1));
            member.step();
        }
        assertThat(member.progress.lag()).isGreaterThanOrEqualTo(Duration.ofHours(1));
        assertThat(member.progress.last(Kind.INCREMENT).failure()).contains("away");
        store.away = false;
        member.clock.advance(Duration.ofMinutes(1));
        member.step();
        assertThat(member.progress.lag()).isLessThan(Duration.ofSeconds(1));
        assertThat(count("full")).isEqualTo(1);
        assertThat(member.verify().revision()).isEqualTo(member.state.revision());
    }

    @Test
    void compactionWhenItOvertakesTheBackupLeadsToFullBackup() throws IOException {
        member.state.put("a", "1");
        member.step();
        store.away = true;
        member.state.put("a", "2");
        member.state.put("a", "3");
        member.interval();
        member.state.compact(4);
        store.away = false;
        member.clock.advance(Duration.ofMinutes(2));
        member.step();
        assertThat(count("full")).isEqualTo(2);
        assertThat(member.verify().revision()).isEqualTo(4);
        assertThatThrownBy(() -> member.plan(new RestoreTarget.Revision(3))).hasMessageContaining("revision 3");
    }

    @Test
    void compactionWhenBehindTheBackupNeedsNoFullBackup() throws IOException {
        member.state.put("a", "1");
        member.state.put("a", "2");
        member.step();
        member.state.compact(3);
        member.state.put("a", "3");
        member.interval();
        assertThat(count("full")).isEqualTo(1);
        assertThat(member.verify().revision()).isEqualTo(4);
        assertThat(hashOfRestored(new RestoreTarget.Newest(), 4))
                .isEqualTo(member.state.hashKv(4).hash());
    }

    @Test
    void leaderWhenChangedGoesOnWhereTheStoreEnds() throws IOException {
        member.state.put("a", "1");
        member.step();
        member.state.put("b", "1");
        member.interval();
        AgentFixture next = new AgentFixture(member.state, store, directory, member.now());
        member.leads = false;
        member.interval();
        assertThat(member.progress.isActive()).isFalse();
        member.state.put("c", "1");
        next.step();
        assertThat(count("full")).isEqualTo(1);
        assertThat(next.verify().revision()).isEqualTo(4);
    }

    /** A deposed leader that does not know it yet writes what the new one writes as well. */
    @Test
    void leadersWhenThereAreTwoForAMomentCorruptNothing() throws IOException {
        member.step();
        AgentFixture other = new AgentFixture(member.state, store, directory, member.now());
        for (int i = 0; i < 6; i++) {
            member.state.put("k" + i, "1");
            (i % 2 == 0 ? member : other).interval();
            member.state.put("l" + i, "1");
            (i % 3 == 0 ? other : member).interval();
        }
        member.interval();
        other.interval();
        for (AgentFixture each : new AgentFixture[] {member, other}) {
            assertThat(each.verify().revision()).isEqualTo(member.state.revision());
        }
        assertThat(count("full")).isEqualTo(1);
    }

    @Test
    void answerWhenLostIsRepeatedWithoutHarm() throws IOException {
        member.step();
        member.state.put("a", "1");
        store.lostAnswers = 2;
        for (int i = 0; i < 6; i++) {
            member.interval();
        }
        member.state.put("b", "1");
        member.interval();
        assertThat(member.verify().revision()).isEqualTo(3);
    }

    @Test
    void fullBackupWhenDueByTheClockIsMade() {
        member.step();
        member.clock.advance(Duration.ofHours(17));
        member.step();
        assertThat(count("full")).isEqualTo(2);
        member.clock.advance(Duration.ofHours(3));
        member.step();
        assertThat(count("full")).isEqualTo(2);
    }

    @Test
    void fullBackupWhenSegmentsAreLargeIsMade() {
        member.step();
        SplittableRandom random = new SplittableRandom(3);
        byte[] value = new byte[900_000];
        random.nextBytes(value);
        member.state.txn(txn -> txn.put(Bytes.utf8("a"), ByteString.copyFrom(value), 0, false));
        member.interval();
        assertThat(count("full")).isEqualTo(1);
        member.state.txn(txn -> txn.put(Bytes.utf8("b"), ByteString.copyFrom(value), 0, false));
        member.interval();
        member.interval();
        assertThat(count("full")).isEqualTo(2);
    }

    @Test
    void segmentsWhileFullBackupRunsGoOn() throws IOException {
        member.step();
        assertThat(member.agent.request()).isTrue();
        long unused = member.agent.doWork();
        for (int i = 0; i < 5; i++) {
            member.state.put("k" + i, "1");
            member.clock.advance(AgentFixture.INTERVAL);
            long unusedRest = member.agent.doWork();
        }
        assertThat(member.heavy).hasSize(1);
        assertThat(count("log")).isEqualTo(5);
        assertThat(member.progress.lag()).isLessThan(Duration.ofSeconds(1));
        member.runHeavy();
        assertThat(count("full")).isEqualTo(2);
        assertThat(member.verify().revision()).isEqualTo(member.state.revision());
    }

    @Test
    void roundsWhenNothingWasAppliedAskNobodyAndKeepUp() {
        member.state.put("a", "1");
        member.step();
        member.interval();
        int asked = member.questions;
        for (int i = 0; i < 5; i++) {
            member.interval();
        }
        assertThat(member.questions).isEqualTo(asked);
        assertThat(member.progress.lag()).isZero();
        member.state.grant(7, 100);
        member.interval();
        assertThat(member.questions).isEqualTo(asked + 1);
    }

    /** Its history has gaps, and a backup of it could not be restored. */
    @Test
    void roundsWhileAStateIsLoadedBackNothingUp() throws IOException {
        member.loading = true;
        member.state.put("a", "1");
        member.step();
        assertThat(store.objects).isEmpty();
        member.loading = false;
        member.step();
        assertThat(member.verify().revision()).isEqualTo(2);
    }

    @Test
    void requestWhenAnotherMemberLeadsIsRefused() {
        member.leads = false;
        member.step();
        assertThat(member.agent.request()).isFalse();
        member.leads = true;
        member.step();
        assertThat(count("full")).isEqualTo(1);
    }

    @Test
    void roundsWhenTheStoreIsFullReportAndGoOnLater() throws IOException {
        member.step();
        store.room = 100;
        member.state.put("a", "1");
        member.interval();
        assertThat(member.progress.last(Kind.INCREMENT).failure()).contains("no space");
        MeterReader meters = new MeterReader(member.progress);
        assertThat(meters.value("quorate_backup_failures_total", "increment")).isEqualTo(1);
        long written = meters.value("quorate_backup_bytes_total", "increment");
        store.room = Long.MAX_VALUE;
        member.clock.advance(Duration.ofMinutes(1));
        member.step();
        assertThat(member.progress.last(Kind.INCREMENT).failure()).isNull();
        assertThat(meters.value("quorate_backup_bytes_total", "increment")).isGreaterThan(written);
        assertThat(member.verify().revision()).isEqualTo(2);
    }

    @Test
    void oldBackupsWhenBeyondCountAndAgeAreRemoved() throws IOException {
        for (int day = 0; day < 8; day++) {
            for (int i = 0; i < 3; i++) {
                member.state.put("k" + day, "v" + i);
                member.interval();
            }
            member.clock.advance(Duration.ofDays(1));
            member.step();
        }
        assertThat(count("full")).isBetween(3L, 5L);
        assertThat(count("log")).isLessThan(20);
        assertThat(member.verify().revision()).isEqualTo(member.state.revision());
        long oldest = member.listing().fulls().getFirst().end().revision();
        for (long revision = oldest; revision <= member.state.revision(); revision++) {
            assertThat(hashOfRestored(new RestoreTarget.Revision(revision), revision))
                    .isEqualTo(member.state.hashKv(revision).hash());
        }
        assertThat(member.progress.last(Kind.RETENTION).failure()).isNull();
    }

    @Test
    void verificationWhenDueRestoresAndLeavesNothing() {
        member.state.put("a", "1");
        member.step();
        member.clock.advance(Duration.ofHours(1));
        member.step();
        member.step();
        assertThat(member.progress.last(Kind.VERIFICATION).success()).isEqualTo(member.now());
        assertThat(member.scratch).doesNotExist();
    }

    @Test
    void verificationWhenAnObjectWasChangedFails() {
        member.state.put("a", "1");
        member.step();
        String full = store.objects.keySet().stream()
                .filter(name -> name.contains("/full/"))
                .findFirst()
                .orElseThrow();
        Expected.present(store.objects.get(full))[60] ^= 1;
        member.clock.advance(Duration.ofHours(1));
        member.step();
        member.step();
        assertThat(member.progress.last(Kind.VERIFICATION).failure()).contains(full);
        MeterReader meters = new MeterReader(member.progress);
        assertThat(meters.value("quorate_backup_failed", "verification")).isEqualTo(1);
        member.leads = false;
        member.step();
        assertThat(meters.values("quorate_backup_failed")).isEmpty();
        assertThat(member.scratch).doesNotExist();
    }

    @Test
    void timeWhenAskedForRestoresWhatWasWrittenUntilThen() throws IOException {
        member.step();
        Map<Instant, Long> moments = new TreeMap<>();
        for (int i = 0; i < 5; i++) {
            member.state.put("k", "v" + i);
            member.interval();
            moments.put(member.now().plusMillis(10), member.state.revision());
        }
        for (Map.Entry<Instant, Long> moment : moments.entrySet()) {
            assertThat(member.plan(new RestoreTarget.Time(moment.getKey())).revision())
                    .isEqualTo(moment.getValue());
        }
        assertThatThrownBy(() -> member.plan(new RestoreTarget.Time(Instant.EPOCH)))
                .hasMessageContaining("nothing of 1970-01-01T00:00:00Z or before can be restored");
    }

    @Test
    void keyWhenThereIsOneBeginsAnewAndIsNeeded() throws IOException {
        member.state.put("a", "1");
        member.step();
        Path file = Files.write(directory.resolve("key"), new byte[32]);
        AgentFixture sealing = new AgentFixture(member.state, store, directory, member.now(), Seal.of(file));
        sealing.step();
        member.state.put("a", "secret");
        sealing.interval();
        assertThat(count("full")).isEqualTo(2);
        assertThat(sealing.verify().revision()).isEqualTo(3);
        assertThat(member.plan(new RestoreTarget.Newest()).revision()).isEqualTo(2);
        assertThatThrownBy(() -> member.plan(new RestoreTarget.Revision(3))).hasMessageContaining("sealed");
    }
}
