package io.quorate.apply;

import io.quorate.alarm.Alarms;
import io.quorate.auth.AuthStore;
import io.quorate.base.Fault;
import io.quorate.following.Following;
import io.quorate.lease.LeaseManager;
import io.quorate.membership.Membership;
import io.quorate.mvcc.MvccStore;
import io.quorate.node.snapshot.SnapshotDirectories;
import io.quorate.raft.Snapshot;
import io.quorate.storage.Database;
import io.quorate.watch.WatchHub;
import java.nio.file.Path;
import java.time.Duration;
import lombok.extern.slf4j.Slf4j;

/**
 * Puts the state that a leader sent in the place of this member's own (thesis, chapter 5; docs/etcd-v3.md, section 7.2). The log has
 * noted the snapshot before, so a crash on the way is made good at the next start by {@link #recover}. On the {@code apply}
 * thread; reads wait for the exchange of the database, watchers catch up from the new state.
 */
@Slf4j
public final class SnapshotInstaller {

    /** Reads that take longer than the database waits for them get through between two attempts. */
    private static final int ATTEMPTS = 20;

    private final Database database;
    private final ConsistentIndex consistentIndex;
    private final SnapshotDirectories folders;
    private final State state;

    /** What holds parts of the state in memory and must read them anew. */
    public record State(
            MvccStore store,
            LeaseManager leases,
            Membership membership,
            Alarms alarms,
            AuthStore auth,
            Following following,
            WatchHub watches,
            ConfChangeApplier confChanges) {}

    public SnapshotInstaller(
            Database database, ConsistentIndex consistentIndex, SnapshotDirectories folders, State state) {
        this.database = database;
        this.consistentIndex = consistentIndex;
        this.folders = folders;
        this.state = state;
    }

    /**
     * Brings the database to the snapshot that the log starts from, if a crash came between noting and installing it. Before
     * anything reads the state.
     */
    public static void recover(Database database, SnapshotDirectories folders, Snapshot snapshot) {
        if (new ConsistentIndex(database).index() >= snapshot.index()) {
            return;
        }
        folders.find(snapshot.term(), snapshot.index()).ifPresent(folder -> {
            log.info("installing the snapshot at index {}, which was received before this start", snapshot.index());
            database.replaceWith(folder);
        });
    }

    /** Installs a received state. */
    public void install(Snapshot snapshot) {
        long started = System.nanoTime();
        Path folder = folders.find(snapshot.term(), snapshot.index())
                .orElseThrow(() -> new Fault("the state at index " + snapshot.index() + " of term " + snapshot.term()
                        + " was never received, or its folder is gone"));
        state.watches().restoring();
        state.store().replace(database, () -> replace(folder));
        consistentIndex.restore(database);
        Fault.check(
                consistentIndex.index() == snapshot.index(),
                "the state of index %d ends at index %d",
                snapshot.index(),
                consistentIndex.index());
        state.membership().restore();
        state.alarms().restore();
        state.auth().restore();
        state.following().restore();
        state.confChanges().restore(snapshot.confState());
        if (!state.store().isLoading()) { // otherwise the last part of that ends it
            state.watches().restored();
        }
        folders.purge(snapshot.index());
        log.info(
                "installed the leader's snapshot at index {} term {} in {} ms",
                snapshot.index(),
                snapshot.term(),
                Duration.ofNanos(System.nanoTime() - started).toMillis());
    }

    private void replace(Path folder) {
        for (int attempt = 1; ; attempt++) {
            try {
                database.replaceWith(folder);
                state.leases().restore();
                return;
            } catch (IllegalStateException e) {
                if (attempt == ATTEMPTS) {
                    throw new Fault("reads do not make way for the leader's state", e);
                }
                log.warn("retrying to fetch the leader's snapshot: {}", e.getMessage());
            }
        }
    }
}
