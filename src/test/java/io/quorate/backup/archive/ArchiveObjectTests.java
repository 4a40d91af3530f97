package io.quorate.backup.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.backup.BackedUpState;
import io.quorate.backup.SnapshotException;
import io.quorate.backup.archive.ArchiveName.Full;
import io.quorate.backup.archive.ArchiveName.Segment;
import io.quorate.backup.archive.ArchiveName.State;
import io.quorate.backup.store.BackupStore;
import io.quorate.backup.store.StoreLocation;
import io.quorate.base.MonotonicClock;
import io.quorate.mvcc.StoredHistory;
import io.quorate.storage.Database;
import io.quorate.storage.Family;
import io.quorate.storage.StorageSettings;
import io.quorate.storage.View;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Objects that were cut, changed, exchanged or are foreign are refused, with a reason. */
class ArchiveObjectTests {

    private static final long CLUSTER = 5;
    private static final Instant TIME = Instant.parse("2026-11-30T10:00:00Z");

    @TempDir
    private Path directory;

    private Path root;
    private BackupStore store;
    private BackedUpState state;
    private Seal seal = Seal.NONE;
    private int restores;

    @BeforeEach
    void open() throws IOException {
        root = Files.createDirectories(directory.resolve("store"));
        store = StoreLocation.open(root.toUri().toString(), null, MonotonicClock.SYSTEM);
        state = new BackedUpState(directory.resolve("db"));
        state.put("a", "1");
        state.grant(7, 100);
    }

    @AfterEach
    void close() {
        state.close();
    }

    private static Seal key(int fill) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) fill);
        return Seal.of(bytes, "key");
    }

    /** A full backup up to now, with its state. */
    private Full full(Instant time) throws IOException {
        try (View view = state.database().view()) {
            StoredHistory history = new StoredHistory(view);
            long digest = ArchiveWriter.stateOf(view);
            ArchiveWriter writer = new ArchiveWriter(store, new Writing(seal, true, Database.FORMAT, 1));
            long unusedState = writer.write(new State(CLUSTER, time, digest, seal.id()), view);
            Point end = new Point(history.newestRevision(), history.tipOf(history.newestRevision()));
            Full name = new Full(CLUSTER, time, end, history.compactedRevision(), digest, seal.id());
            long unused = writer.write(name, history, Witness.of(history.hashKv(end.revision(), name.compacted())));
            return name;
        }
    }

    /** What was written since a point. */
    private Segment segment(Instant time, Point begin) throws IOException {
        try (View view = state.database().view()) {
            StoredHistory history = new StoredHistory(view);
            HistoryCut cut = HistoryCut.of(history, begin, Long.MAX_VALUE);
            Segment name = new Segment(CLUSTER, time, begin, cut.end(), ArchiveWriter.stateOf(view), seal.id());
            long unused = new ArchiveWriter(store, new Writing(seal, false, Database.FORMAT, 1))
                    .write(name, history, Witness.NONE);
            return name;
        }
    }

    private ArchiveImport.Restored restore() throws IOException {
        return restore(new RestoreTarget.Newest(), seal);
    }

    private ArchiveImport.Restored restore(RestoreTarget target, Seal with) throws IOException {
        RestorePlan plan = RestorePlan.of(new ArchiveListing(store, CLUSTER, with), target);
        try (Database database = Database.open(directory.resolve("restored" + restores++), StorageSettings.DEFAULTS)) {
            return new ArchiveImport(store, with, database).run(plan, 0, false);
        }
    }

    private Path file(ArchiveName name) {
        return root.resolve(name.text());
    }

    /** Reads an object without restoring it, as that takes longer. */
    private boolean isAccepted(ArchiveName name) throws IOException {
        try {
            Ending unused = RecordInput.read(store, name, seal, (kind, key, value) -> {});
            return true;
        } catch (SnapshotException refused) {
            assertThat(refused.getMessage()).contains(name.text());
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void objectWhenAnyBitFlippedIsRefused(boolean sealed) throws IOException {
        seal = sealed ? key(1) : Seal.NONE;
        Full name = full(TIME);
        byte[] whole = Files.readAllBytes(file(name));
        assertThat(isAccepted(name)).isTrue();
        for (int at = 0; at < whole.length; at++) {
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                whole[at] ^= (byte) (1 << bit);
                Files.write(file(name), whole);
                assertThat(isAccepted(name)).as("bit %s of byte %s", bit, at).isFalse();
                whole[at] ^= (byte) (1 << bit);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void objectWhenCutOrLongerIsRefused(boolean sealed) throws IOException {
        seal = sealed ? key(1) : Seal.NONE;
        Full name = full(TIME);
        byte[] whole = Files.readAllBytes(file(name));
        for (int length = 0; length < whole.length; length++) {
            Files.write(file(name), Arrays.copyOf(whole, length));
            assertThat(isAccepted(name)).as("%s bytes", length).isFalse();
        }
        Files.write(file(name), Arrays.copyOf(whole, whole.length + 1));
        assertThat(isAccepted(name)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void objectWhenUnderAnotherNameIsRefused(boolean sealed) throws IOException {
        seal = sealed ? key(1) : Seal.NONE;
        Full name = full(TIME);
        Full other = new Full(CLUSTER, TIME.plusSeconds(1), name.end(), name.compacted(), name.state(), name.seal());
        Files.move(file(name), file(other));
        assertThat(isAccepted(other)).isFalse();
        assertThatThrownBy(this::restore).isInstanceOf(SnapshotException.class);
    }

    @Test
    void objectWhenSealedNeedsItsKey() throws IOException {
        seal = key(1);
        Full unused = full(TIME);
        assertThat(restore().revision()).isEqualTo(2);
        assertThatThrownBy(() -> restore(new RestoreTarget.Newest(), Seal.NONE)).hasMessageContaining("sealed");
        assertThatThrownBy(() -> restore(new RestoreTarget.Newest(), key(2))).hasMessageContaining("sealed");
    }

    @Test
    void frameWhenOpenedWithAnotherKeyIsRefused() throws IOException {
        seal = key(1);
        Full name = full(TIME);
        assertThatThrownBy(() -> RecordInput.read(store, name, key(2), (kind, key, value) -> {}))
                .hasMessageContaining("another key");
    }

    @Test
    void contentWhenSealedShowsNothingOfKeysAndValues() throws IOException {
        seal = key(1);
        state.put("findme", "secretvalue".repeat(50));
        Segment name = segment(TIME, new Point(1, 0));
        String stored = Files.readString(file(name), StandardCharsets.ISO_8859_1);
        assertThat(stored).doesNotContain("findme").doesNotContain("secretvalue");
    }

    @Test
    void segmentWhenMissingBetweenOthersIsToldByNames() throws IOException {
        Point begin = full(TIME).end();
        state.put("a", "2");
        Segment missing = segment(TIME.plusSeconds(1), begin);
        state.put("a", "3");
        Segment last = segment(TIME.plusSeconds(2), missing.end());
        assertThat(restore().revision()).isEqualTo(4);

        Files.delete(file(missing));
        assertThat(restore().revision()).isEqualTo(2);
        assertThatThrownBy(() -> restore(new RestoreTarget.Revision(4), seal))
                .hasMessageContaining("revision 4 cannot be restored")
                .hasMessageContaining("revisions 1 to 2");
        assertThat(file(last)).exists();
    }

    /** Of a cluster with the same id and another history: its tip differs, so nothing joins it. */
    @Test
    void segmentWhenOfAnotherHistoryIsNeverJoined(@TempDir Path elsewhere) throws IOException {
        Full own = full(TIME);
        try (BackedUpState foreign = new BackedUpState(elsewhere.resolve("db"))) {
            foreign.put("x", "1");
            foreign.put("x", "2");
            BackedUpState kept = state;
            state = foreign;
            try (View view = foreign.database().view()) {
                Segment unused = segment(TIME.plusSeconds(1), new Point(2, new StoredHistory(view).tipOf(2)));
            } finally {
                state = kept;
            }
        }
        assertThat(restore().revision()).isEqualTo(own.end().revision());
    }

    /** A name that lies is found out when the object is read. */
    @Test
    void segmentWhenItsNameLiesIsRefused() throws IOException {
        Full own = full(TIME);
        state.put("b", "1");
        try (View view = state.database().view()) {
            StoredHistory history = new StoredHistory(view);
            Segment lie =
                    new Segment(CLUSTER, TIME.plusSeconds(1), own.end(), new Point(3, 99), own.state(), seal.id());
            long unused = new ArchiveWriter(store, new Writing(seal, false, Database.FORMAT, 1))
                    .write(lie, history, Witness.NONE);
        }
        assertThatThrownBy(this::restore).hasMessageContaining("does not end with the changes");
    }

    @Test
    void stateWhenMissingIsTold() throws IOException {
        Full name = full(TIME);
        Files.delete(file(new State(CLUSTER, TIME, name.state(), seal.id())));
        assertThatThrownBy(this::restore).hasMessageContaining("leases and users of revision 2 are missing");
    }

    @Test
    void witnessWhenItDiffersFailsTheCheck() throws IOException {
        Full name = full(TIME);
        try (View view = state.database().view()) {
            long unused = new ArchiveWriter(store, new Writing(seal, true, Database.FORMAT, 1))
                    .write(name, new StoredHistory(view), new Witness(2, -1, 4711));
        }
        RestorePlan plan = RestorePlan.of(new ArchiveListing(store, CLUSTER, seal), new RestoreTarget.Newest());
        Path scratch = directory.resolve("scratch");
        assertThatThrownBy(() -> new ArchiveCheck(store, seal, scratch).run(plan, ArchiveCheck.NOBODY))
                .hasMessageContaining("not the history that the member had")
                .hasMessageContaining("4711");
        assertThat(scratch).doesNotExist();
    }

    @Test
    void revisionWhenWithinFullBackupIsRestored() throws IOException {
        state.put("a", "2");
        state.put("b", "1");
        Full unused = full(TIME);
        assertThat(restore(new RestoreTarget.Revision(3), seal).revision()).isEqualTo(3);
        assertThatThrownBy(() -> restore(new RestoreTarget.Revision(5), seal)).hasMessageContaining("revisions 1 to 4");
    }

    @Test
    void revisionWhenRaisedCountsEverythingAsCompacted() throws IOException {
        Full unused = full(TIME);
        RestorePlan plan = RestorePlan.of(new ArchiveListing(store, CLUSTER, seal), new RestoreTarget.Newest());
        try (Database database = Database.open(directory.resolve("raised"), StorageSettings.DEFAULTS)) {
            assertThat(new ArchiveImport(store, seal, database)
                            .run(plan, 1000, true)
                            .revision())
                    .isEqualTo(1002);
            try (View view = database.view()) {
                StoredHistory history = new StoredHistory(view);
                assertThat(history.newestRevision()).isEqualTo(1002);
                assertThat(history.compactedRevision()).isEqualTo(1002);
            }
        }
    }

    @Test
    void namesWhenReadAreThoseThatWereWritten() {
        List<ArchiveName> names = List.of(
                new Full(-1, TIME, new Point(7, -9), -1, 3, ""),
                new Segment(CLUSTER, TIME, new Point(1, 2), new Point(3, 4), ArchiveName.NO_STATE, "0123abcd"),
                new State(CLUSTER, TIME, -4, ""));
        for (ArchiveName name : names) {
            assertThat(ArchiveName.parse(name.text())).contains(name);
        }
        for (String foreign : List.of(
                "",
                "x",
                "0000000000000005/full/x.qb",
                names.get(0).text() + "x",
                names.get(2).text().replace("state", "log"))) {
            assertThat(ArchiveName.parse(foreign)).as(foreign).isEmpty();
        }
    }

    @Test
    void keyWhenWrittenInAnyFormIsTheSame() {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) 1);
        String hex = "01".repeat(32) + "\n";
        String base64 = Base64.getEncoder().encodeToString(bytes);
        assertThat(Seal.of(hex.getBytes(StandardCharsets.US_ASCII), "f").id()).isEqualTo(key(1).id());
        assertThat(Seal.of(base64.getBytes(StandardCharsets.US_ASCII), "f").id())
                .isEqualTo(key(1).id());
        for (String wrong : List.of("", "abc", "01".repeat(31), "zz".repeat(32))) {
            assertThatThrownBy(() -> Seal.of(wrong.getBytes(StandardCharsets.US_ASCII), "the file"))
                    .hasMessageContaining("the file holds no key");
        }
    }

    @Test
    void membersOfTheOldClusterWhenRestoredAreLeftOut() throws IOException {
        Full unused = full(TIME);
        RestorePlan plan = RestorePlan.of(new ArchiveListing(store, CLUSTER, seal), new RestoreTarget.Newest());
        try (Database database = Database.open(directory.resolve("members"), StorageSettings.DEFAULTS)) {
            var unusedRestored = new ArchiveImport(store, seal, database).run(plan, 0, false);
            assertThat(BackedUpState.records(database, Family.MEMBER)).isEmpty();
            assertThat(BackedUpState.records(database, Family.LEASE)).hasSize(1);
        }
    }
}
