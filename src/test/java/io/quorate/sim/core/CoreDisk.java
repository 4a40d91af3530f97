package io.quorate.sim.core;

import io.quorate.raft.Entry;
import io.quorate.raft.HardState;
import io.quorate.raft.Message;
import io.quorate.raft.Snapshot;
import io.quorate.sim.core.LogImage.Record;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A member's disk as its log uses it: a crash leaves what was synced and any beginning of what was not, since records are
 * written in order and a torn one is cut off by its checksum.
 */
final class CoreDisk {

    private final LogImage durable = new LogImage();
    private final List<Record> unsynced = new ArrayList<>();

    LogImage durable() {
        return durable;
    }

    /** Writes, without syncing: the snapshot first, then the entries, then the state that commits them. */
    void write(@Nullable Snapshot snapshot, List<Entry> entries, @Nullable HardState state) {
        if (snapshot != null) {
            unsynced.add(new Record.OfSnapshot(snapshot));
        }
        entries.forEach(entry -> unsynced.add(new Record.OfEntry(entry)));
        if (state != null) {
            unsynced.add(new Record.OfState(state));
        }
    }

    /** Makes everything written durable. */
    void sync() {
        unsynced.forEach(durable::apply);
        unsynced.clear();
    }

    /** A snapshot of this member's own state is durable; the log before it goes. */
    void save(Snapshot taken) {
        durable.install(taken);
    }

    /** The power goes. */
    void crash(RandomGenerator random) {
        int survivors = random.nextBoolean() ? 0 : random.nextInt(unsynced.size() + 1);
        for (Record record : unsynced.subList(0, beforeHalfASnapshot(survivors))) {
            durable.apply(record);
        }
        unsynced.clear();
    }

    /** A note of a snapshot counts only together with the state that accepts it, so one without the other is cut off. */
    private int beforeHalfASnapshot(int survivors) {
        for (int i = survivors - 1; i >= 0; i--) {
            if (unsynced.get(i) instanceof Record.OfState) {
                return survivors;
            }
            if (unsynced.get(i) instanceof Record.OfSnapshot) {
                return i;
            }
        }
        return survivors;
    }

    /** The hard state that an append message of the core carries; null without one. */
    static @Nullable HardState hardStateOf(Message append) {
        HardState state = new HardState(append.term(), append.vote(), append.commit());
        return state.isEmpty() ? null : state;
    }
}
