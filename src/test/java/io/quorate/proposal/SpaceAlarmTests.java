package io.quorate.proposal;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.apply.LogGate;
import io.quorate.apply.Outcome;
import io.quorate.base.RequestError;
import io.quorate.node.SteppedNode;
import io.quorate.proto.AlarmRequest;
import io.quorate.proto.AlarmResponse;
import io.quorate.proto.AlarmType;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SpaceAlarmTests {

    private final SteppedNode member = new SteppedNode(1).settle();
    private final PendingProposals pending = new PendingProposals(deadline -> RequestError.TIMEOUT);
    private boolean raised;
    private final SpaceAlarm alarm = new SpaceAlarm(
            new Proposer(
                    member.node,
                    pending,
                    new IdGenerator(SteppedNode.ID, 0),
                    member.clock,
                    () -> 0,
                    new Proposer.Limits(1 << 20, () -> 100, Duration.ofSeconds(7), new LogGate(() -> "3.7.0"))),
            SteppedNode.ID,
            () -> raised,
            () -> "it takes 5 bytes of the 4 of quorate.quota-backend-bytes");

    private List<InternalRaftRequest> proposed() throws Exception {
        member.settle();
        List<InternalRaftRequest> requests = new ArrayList<>();
        for (Entry entry : member.applied) {
            if (entry.type() == EntryType.NORMAL && entry.data().length > 0) {
                requests.add(InternalRaftRequest.parseFrom(entry.data()));
            }
        }
        return requests;
    }

    private CompletableFuture<Void> raise() {
        return alarm.raise().toCompletableFuture();
    }

    @Test
    void raiseProposesOnceForAllWhoAskMeanwhile() throws Exception {
        CompletableFuture<Void> first = raise();
        CompletableFuture<Void> second = raise();
        assertThat(proposed()).singleElement().satisfies(request -> {
            AlarmRequest proposed = request.getAlarm();
            assertThat(proposed.getAction()).isEqualTo(AlarmRequest.AlarmAction.ACTIVATE);
            assertThat(proposed.getAlarm()).isEqualTo(AlarmType.NOSPACE);
            assertThat(proposed.getMemberID()).isEqualTo(SteppedNode.ID);
        });
        assertThat(first).isNotDone();
        assertThat(second).isNotDone();
        pending.complete(proposed().getFirst().getID(), new Outcome.Done(AlarmResponse.getDefaultInstance()));
        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
    }

    @Test
    void raiseWhenItCouldNotBeRaisedEndsAndTriesAgainTheNextTime() throws Exception {
        CompletableFuture<Void> first = raise();
        pending.fail(proposed().getFirst().getID(), RequestError.TIMEOUT);
        assertThat(first).isCompleted();
        assertThat(raise()).isNotDone();
        assertThat(proposed()).hasSize(2);
    }

    @Test
    void raiseWhenItIsRaisedAlreadyProposesNothing() throws Exception {
        raised = true;
        assertThat(raise()).isCompleted();
        assertThat(proposed()).isEmpty();
    }
}
