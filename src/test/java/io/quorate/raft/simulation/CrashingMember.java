package io.quorate.raft.simulation;

import io.quorate.raft.ConfState;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.HardState;
import io.quorate.raft.MemoryLogStorage;
import io.quorate.raft.Message;
import io.quorate.raft.RaftConfig;
import io.quorate.raft.RawNode;
import io.quorate.raft.ReadState;
import io.quorate.raft.Ready;
import io.quorate.raft.Snapshot;
import io.quorate.raft.confchange.ConfChangeCodec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A member with its storage threads' queues. What is in a queue is lost by a crash; what was worked off survives. The
 * application's state is the list of applied entries up to the last snapshot, which is stored with the log.
 */
final class CrashingMember {

    private final RaftConfig config;
    private final Invariants invariants;
    private final Deque<Message> appendWork = new ArrayDeque<>();
    private final Deque<Message> applyWork = new ArrayDeque<>();
    private final List<Message> outgoing = new ArrayList<>();
    private final List<ReadState> reads = new ArrayList<>();
    private final MemoryLogStorage storage;

    /** The state of the application that survives a crash. */
    private Snapshot persisted = Snapshot.EMPTY;

    private RawNode node;
    private ConfState applied;
    private long appliedIndex;
    private boolean down;

    /** A snapshot is about to replace what is applied. */
    private boolean superseded;

    CrashingMember(RaftConfig config, ConfState founding, Invariants invariants) {
        this.config = config;
        this.invariants = invariants;
        this.storage = new MemoryLogStorage() {
            @Override
            public Snapshot snapshot() {
                return current();
            }
        };
        if (!founding.equals(ConfState.EMPTY)) {
            persisted = new Snapshot(1, 1, founding, new byte[0]);
            storage.install(persisted);
            appliedIndex = 1;
        }
        this.applied = founding;
        this.node = new RawNode(config, storage);
    }

    long id() {
        return config.id();
    }

    RawNode node() {
        return node;
    }

    boolean isDown() {
        return down;
    }

    long appliedIndex() {
        return appliedIndex;
    }

    List<Message> takeOutgoing() {
        List<Message> taken = List.copyOf(outgoing);
        outgoing.clear();
        return taken;
    }

    List<ReadState> takeReads() {
        List<ReadState> taken = List.copyOf(reads);
        reads.clear();
        return taken;
    }

    /** Loses everything that is only in memory. */
    void crash() {
        down = true;
        appendWork.clear();
        applyWork.clear();
        outgoing.clear();
        reads.clear();
    }

    /** Starts again from the disk, with the state of the application as of the last snapshot. */
    void restart() {
        down = false;
        superseded = false;
        appliedIndex = persisted.index();
        applied = persisted.confState();
        storage.setConfState(applied);
        node = new RawNode(config, storage);
    }

    /** Takes one Ready, if there is one. */
    boolean takeReady() {
        if (down || !node.hasReady()) {
            return false;
        }
        Ready ready = node.ready();
        reads.addAll(ready.readStates());
        if (!config.asyncStorageWrites()) {
            write(ready.hardState(), ready.snapshot(), ready.entries());
            apply(ready.committedEntries());
        }
        for (Message message : ready.messages()) {
            if (message.to() == Message.APPEND_THREAD) {
                appendWork.add(message);
            } else if (message.to() == Message.APPLY_THREAD) {
                applyWork.add(message);
            } else {
                outgoing.add(message);
            }
        }
        if (!config.asyncStorageWrites()) {
            node.advance();
        }
        return true;
    }

    /** Makes one piece of work durable. */
    boolean workOffAppend() {
        Message work = appendWork.poll();
        if (work == null) {
            return false;
        }
        HardState state = new HardState(work.term(), work.vote(), work.commit());
        write(state.isEmpty() ? null : state, work.snapshot(), work.entries());
        outgoing.addAll(work.responses());
        return true;
    }

    /** Applies one page of entries. */
    boolean workOffApply() {
        Message work = applyWork.poll();
        if (work == null) {
            return false;
        }
        apply(work.entries());
        outgoing.addAll(work.responses());
        return true;
    }

    private void write(@Nullable HardState state, @Nullable Snapshot snapshot, List<Entry> entries) {
        if (state != null) {
            storage.setHardState(state);
        }
        if (snapshot != null) {
            storage.install(snapshot);
            persisted = snapshot;
            superseded = false;
            appliedIndex = snapshot.index();
            applied = snapshot.confState();
        }
        storage.append(entries);
    }

    private void apply(List<Entry> entries) {
        for (Entry entry : entries) {
            if (superseded || entry.index() <= appliedIndex) {
                // A snapshot arrived while this page was waiting.
                continue;
            }
            invariants.applied(id(), appliedIndex, entry);
            if (entry.type() != EntryType.NORMAL) {
                ConfState next = node.applyConfChange(entry.index(), ConfChangeCodec.decode(entry));
                superseded = next == null;
                if (next == null) {
                    continue;
                }
                applied = next;
            }
            // Not before: the core may ask for a snapshot while it takes in the change.
            appliedIndex = entry.index();
        }
    }

    /** Persists the applied state, and drops the log before it. */
    void compact() {
        if (!down && !superseded && appliedIndex >= storage.firstIndex()) {
            persisted = current();
            storage.compact(appliedIndex);
        }
    }

    /** A member that was just added refuses any older state, whose configuration does not know it. */
    private Snapshot current() {
        return appliedIndex == 0
                ? Snapshot.EMPTY
                : new Snapshot(appliedIndex, storage.term(appliedIndex), applied, new byte[0]);
    }
}
