package io.quorate.transcript;

import io.quorate.raft.ConfState;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.HardState;
import io.quorate.raft.MemoryLogStorage;
import io.quorate.raft.Message;
import io.quorate.raft.RaftConfig;
import io.quorate.raft.RawNode;
import io.quorate.raft.Snapshot;
import io.quorate.raft.confchange.ConfChange;
import io.quorate.raft.confchange.ConfChangeCodec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** One member: core, storage, storage threads' queues, and an application that remembers each of its states. */
final class TranscriptMember {

    private final List<Snapshot> history = new ArrayList<>();
    private final MemoryLogStorage storage;
    private final RawNode node;
    private final boolean async;
    private final Queue<Message> appendWork = new ArrayDeque<>();
    private final Queue<Message> applyWork = new ArrayDeque<>();

    TranscriptMember(RaftConfig config, Snapshot founding) {
        history.add(founding);
        // A leader sends the newest state of its application, whatever the log was compacted to.
        storage = new MemoryLogStorage() {
            @Override
            public Snapshot snapshot() {
                return history.getLast();
            }
        };
        if (!founding.isEmpty()) {
            storage.install(founding);
        }
        async = config.asyncStorageWrites();
        node = new RawNode(config, storage);
    }

    long id() {
        return node.status().id();
    }

    RawNode node() {
        return node;
    }

    MemoryLogStorage storage() {
        return storage;
    }

    boolean isAsync() {
        return async;
    }

    Queue<Message> appendWork() {
        return appendWork;
    }

    Queue<Message> applyWork() {
        return applyWork;
    }

    Snapshot newestState() {
        return history.getLast();
    }

    void write(@Nullable HardState hardState, @Nullable Snapshot snapshot, List<Entry> entries) {
        if (hardState != null) {
            storage.setHardState(hardState);
        }
        if (snapshot != null && !snapshot.isEmpty()) {
            storage.install(snapshot);
        } else {
            storage.append(entries);
        }
    }

    void apply(List<Entry> entries) {
        for (Entry entry : entries) {
            Snapshot before = history.getLast();
            byte[] data = entry.data();
            ConfState confState = before.confState();
            if (entry.type() != EntryType.NORMAL) {
                ConfChange change = ConfChangeCodec.decode(entry);
                data = change.context();
                confState = node.applyConfChange(change);
            }
            byte[] state = Arrays.copyOf(before.data(), before.data().length + data.length);
            System.arraycopy(data, 0, state, before.data().length, data.length);
            history.add(new Snapshot(entry.index(), entry.term(), confState, state));
        }
    }
}
