package io.quorate.sim.core;

import io.quorate.raft.Entry;
import io.quorate.raft.HardState;
import io.quorate.raft.MemoryLogStorage;
import io.quorate.raft.Snapshot;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The durable log as the core reads it, in memory. */
final class CoreStorage extends MemoryLogStorage {

    private final Supplier<Snapshot> newest;

    /**
     * @param newest the newest state of the state machine
     */
    CoreStorage(LogImage image, Supplier<Snapshot> newest) {
        this.newest = newest;
        if (!image.snapshot().isEmpty()) {
            install(image.snapshot());
        }
        append(image.entries());
        setHardState(image.hardState());
    }

    /** Joins what became durable. */
    void store(@Nullable Snapshot snapshot, List<Entry> entries, @Nullable HardState state) {
        if (state != null) {
            setHardState(state);
        }
        if (snapshot != null) {
            install(snapshot);
        }
        append(entries);
    }

    void compactTo(long index) {
        if (index >= firstIndex()) {
            compact(index);
        }
    }

    /** The applied state, unless a snapshot that is newer waits to be installed. */
    @Override
    public Snapshot snapshot() {
        Snapshot applied = newest.get();
        Snapshot received = super.snapshot();
        return applied.index() >= received.index() ? applied : received;
    }
}
