package io.quorate.server;

import static io.quorate.fixture.Expected.untouched;
import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.node.SteppedNode;
import io.quorate.node.snapshot.SnapshotDirectories;
import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import io.quorate.raft.Ready.SoftState;
import io.quorate.raft.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who hears what of a round of the node. */
class ReadyHandlerTests {

    @TempDir
    private Path directory;

    private final SteppedNode member = new SteppedNode(3);
    private final ConsensusState consensus = new ConsensusState(0);
    private final List<Runnable> maintenance = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();
    private ReadyHandler handler;

    @BeforeEach
    void make() {
        SnapshotSender sender = new SnapshotSender(
                folder -> {
                    throw new AssertionError("not on this thread");
                },
                (announcement, folder) -> new CompletableFuture<>(),
                new SnapshotDirectories(directory),
                member.node,
                maintenance::add,
                member.clock);
        handler = new ReadyHandler(
                consensus, untouched(), untouched(), sender, List.of(listener("first"), listener("second")));
    }

    private ReadyHandler.LeadershipListener listener(String name) {
        return (leader, isLeader, changed) ->
                heard.add(name + " " + leader + " " + consensus.leader() + " " + isLeader + " " + changed);
    }

    @Test
    void updateLeadershipTellsEachListenerInOrderOnceTheStateIsKnown() {
        handler.updateLeadership(new SoftState(2, Role.FOLLOWER), 3);
        assertThat(heard).containsExactly("first 2 2 false true", "second 2 2 false true");
    }

    @Test
    void updateLeadershipWhenTheLeaderIsTheSameSaysSo() {
        handler.updateLeadership(new SoftState(1, Role.LEADER), 3);
        heard.clear();
        handler.updateLeadership(new SoftState(1, Role.LEADER), 4);
        assertThat(heard).containsExactly("first 1 1 true false", "second 1 1 true false");
    }

    @Test
    void updateCommittedIndexIsKnown() {
        handler.updateCommittedIndex(9);
        assertThat(consensus.committedIndex()).isEqualTo(9);
    }

    @Test
    void sendSnapshotLeavesTheCopyToMaintenance() {
        handler.sendSnapshot(
                Message.builder().type(MessageType.SNAP).from(1).to(2).term(3).build());
        assertThat(maintenance).hasSize(1);
    }
}
