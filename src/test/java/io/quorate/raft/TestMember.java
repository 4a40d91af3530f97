package io.quorate.raft;

import io.quorate.raft.Ready.ReadState;
import io.quorate.raft.confchange.ConfChangeCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A core with storage in memory, and the loop around it that does what each Ready says. */
final class TestMember {

    final MemoryLogStorage storage;
    final RawNode node;
    final List<Entry> applied = new ArrayList<>();
    final List<ReadState> reads = new ArrayList<>();
    final List<Message> outgoing = new ArrayList<>();
    final List<Ready> readys = new ArrayList<>();
    private final boolean async;

    TestMember(RaftConfig config) {
        this(config, new MemoryLogStorage());
    }

    TestMember(RaftConfig config, MemoryLogStorage storage) {
        this.storage = storage;
        this.async = config.asyncStorageWrites();
        this.node = new RawNode(config, storage);
    }

    /** Settings under which nothing is left to chance. */
    static RaftConfig.RaftConfigBuilder config(long id) {
        return RaftConfig.builder().id(id).electionTicks(10).heartbeatTicks(1).random(ignored -> 0);
    }

    /** Settings without pre-vote and check-quorum. */
    static RaftConfig.RaftConfigBuilder plainConfig(long id) {
        return config(id).preVote(false).checkQuorum(false);
    }

    /** Does everything there is to do. */
    void settle() {
        while (node.hasReady()) {
            handle(node.ready());
        }
    }

    void handle(Ready ready) {
        readys.add(ready);
        reads.addAll(ready.readStates());
        if (async) {
            for (Message message : ready.messages()) {
                route(message);
            }
            return;
        }
        write(ready.hardState(), ready.snapshot(), ready.entries());
        outgoing.addAll(ready.messages());
        apply(ready.committedEntries());
        node.advance();
    }

    private void route(Message message) {
        if (message.to() == Message.APPEND_THREAD) {
            HardState state = new HardState(message.term(), message.vote(), message.commit());
            write(state.isEmpty() ? null : state, message.snapshot(), message.entries());
            message.responses().forEach(this::route);
        } else if (message.to() == Message.APPLY_THREAD) {
            apply(message.entries());
            message.responses().forEach(this::route);
        } else if (message.to() == node.status().id()) {
            node.step(message);
        } else {
            outgoing.add(message);
        }
    }

    private void write(@Nullable HardState state, @Nullable Snapshot snapshot, List<Entry> entries) {
        if (state != null) {
            storage.setHardState(state);
        }
        if (snapshot != null) {
            storage.install(snapshot);
        }
        storage.append(entries);
    }

    private void apply(List<Entry> entries) {
        for (Entry entry : entries) {
            applied.add(entry);
            if (entry.type() != EntryType.NORMAL) {
                storage.setConfState(node.applyConfChange(ConfChangeCodec.decode(entry)));
            }
        }
    }

    /** The data of all applied normal entries that have some. */
    List<String> appliedTexts() {
        return applied.stream()
                .filter(entry -> entry.type() == EntryType.NORMAL && entry.data().length > 0)
                .map(entry -> new String(entry.data(), StandardCharsets.UTF_8))
                .toList();
    }

    void propose(String text) {
        node.propose(bytes(text));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
