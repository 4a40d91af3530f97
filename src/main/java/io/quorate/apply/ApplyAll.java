package io.quorate.apply;

import io.quorate.apply.Outcome.OutcomeSink;
import io.quorate.mvcc.MvccStore;
import io.quorate.mvcc.WriteBatch;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.raft.ConfState;
import io.quorate.raft.Entry;
import io.quorate.storage.ApplyScope;
import io.quorate.storage.Database;
import io.quorate.storage.WriteSet;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;

/**
 * Applies a run of committed entries. Many entries share one write to the database, bounded in number and bytes; their
 * outcomes go out only after it, so no client hears of a revision that readers cannot see yet.
 */
public final class ApplyAll {

    private static final int ENTRIES_PER_WRITE = 512;
    /** Small enough for arrays that the garbage collector treats like all others; a larger request goes alone. */
    private static final long BYTES_PER_WRITE = 256 << 10;

    /**
     * Listeners for what was applied.
     *
     * @param outcomes the calls that await results
     * @param newTerm takes the term when the empty first entry of its leader is applied
     * @param written takes how many nanoseconds each write to the database took
     */
    public record Listeners(OutcomeSink outcomes, LongConsumer newTerm, LongConsumer written) {}

    private record Result(long id, Outcome outcome) {}

    private final Database database;
    private final ApplyScope scope;
    private final MvccStore store;
    private final ConsistentIndex consistentIndex;
    private final EntryApplier applier;
    private final ConfChangeApplier confChanges;
    private final OutcomeSink outcomes;
    private final LongConsumer newTerm;
    private final LongConsumer written;
    private final WriteSet set;
    private final List<Result> results = new ArrayList<>();

    public ApplyAll(
            Database database,
            ApplyScope scope,
            MvccStore store,
            ConsistentIndex consistentIndex,
            EntryApplier applier,
            ConfChangeApplier confChanges,
            Listeners listeners) {
        this.database = database;
        this.scope = scope;
        this.store = store;
        this.consistentIndex = consistentIndex;
        this.applier = applier;
        this.confChanges = confChanges;
        this.outcomes = listeners.outcomes();
        this.newTerm = listeners.newTerm();
        this.written = listeners.written();
        this.set = database.newWriteSet();
    }

    /**
     * Applies the entries in order.
     *
     * @param committedNanos when they were known to be committed, on the monotonic clock
     * @return the configuration after the last of them
     */
    public ConfState apply(List<Entry> entries, long committedNanos) {
        outcomes.committed(committedNanos);
        int next = 0;
        while (next < entries.size()) {
            next = applyOneWrite(entries, next);
            for (Result result : results) {
                outcomes.complete(result.id(), result.outcome());
            }
            results.clear();
        }
        return confChanges.confState();
    }

    /** Changes of membership applied since the last call, see {@link ConfChangeApplier#takeUnsettled}. */
    public List<CompletableFuture<Void>> takeUnsettled() {
        return confChanges.takeUnsettled();
    }

    private int applyOneWrite(List<Entry> entries, int from) {
        set.clear();
        scope.enter(set);
        WriteBatch batch = store.beginBatch(set);
        boolean published = false;
        try {
            int next = from;
            while (next < entries.size() && next - from < ENTRIES_PER_WRITE && set.bytes() < BYTES_PER_WRITE) {
                apply(entries.get(next), batch);
                next++;
            }
            Entry last = entries.get(next - 1);
            if (last.index() > consistentIndex.index()) {
                consistentIndex.advance(set, last.index(), last.term());
                write();
            }
            batch.publish();
            published = true;
            return next;
        } finally {
            if (!published) {
                batch.abandon();
            }
            scope.leave();
        }
    }

    private void write() {
        long started = System.nanoTime();
        database.write(set);
        written.accept(System.nanoTime() - started);
    }

    private void apply(Entry entry, WriteBatch batch) {
        boolean isNew = entry.index() > consistentIndex.index();
        switch (entry.type()) {
            case NORMAL -> {
                if (entry.data().length == 0) {
                    newTerm.accept(entry.term());
                } else if (isNew) {
                    applyRequest(entry, batch);
                }
            }
            case CONF_CHANGE, CONF_CHANGE_V2 -> {
                ConfChangeApplier.Result result = confChanges.apply(entry, isNew, set);
                if (outcomes.isAwaited(result.id())) {
                    results.add(new Result(result.id(), result.outcome()));
                }
            }
        }
    }

    private void applyRequest(Entry entry, WriteBatch batch) {
        InternalRaftRequest request = applier.decode(entry);
        if (request == null) {
            return;
        }
        Outcome outcome = applier.apply(entry, request, batch, set);
        if (outcomes.isAwaited(request.getID())) {
            results.add(new Result(request.getID(), outcome));
        }
    }
}
