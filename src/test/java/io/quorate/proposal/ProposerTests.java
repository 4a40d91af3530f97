package io.quorate.proposal;

import static io.quorate.proposal.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.quorate.apply.LogGate;
import io.quorate.apply.Outcome;
import io.quorate.base.RequestError;
import io.quorate.node.SteppedNode;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.PutRequest;
import io.quorate.proto.PutResponse;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.MessageType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Requests on their way into the log of a real node. */
class ProposerTests {

    private static final Duration TIMEOUT = Duration.ofSeconds(7);
    private static final int BYTES_MAX = 1_000;
    private static final int INBOX = 64;
    private final PendingProposals pending = new PendingProposals(deadline -> RequestError.TIMEOUT);
    private long applyGap;
    private long applyGapMax = 5;

    private Proposer proposer(SteppedNode member) {
        return new Proposer(
                member.node,
                pending,
                new IdGenerator(SteppedNode.ID, 0),
                member.clock,
                () -> applyGap,
                new Proposer.Limits(BYTES_MAX, () -> applyGapMax, TIMEOUT, new LogGate(() -> "3.7.0")));
    }

    private static InternalRaftRequest.Builder put(int bytes) {
        return InternalRaftRequest.newBuilder()
                .setPut(PutRequest.newBuilder().setKey(ByteString.copyFrom(new byte[bytes])));
    }

    private static List<InternalRaftRequest> requests(List<Entry> entries) {
        return entries.stream()
                .filter(entry -> entry.type() == EntryType.NORMAL && entry.data().length > 0)
                .map(ProposerTests::request)
                .toList();
    }

    private static InternalRaftRequest request(Entry entry) {
        try {
            return InternalRaftRequest.parseFrom(entry.data());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void proposeWhenItLeadsAppendsWithAnIdThatItAwaits() {
        SteppedNode member = new SteppedNode(1).elected();
        CompletableFuture<Message> result = proposer(member).propose(put(1));
        member.settle();
        assertThat(requests(member.applied)).singleElement().satisfies(request -> {
            assertThat(request.getID()).isNotZero();
            assertThat(pending.isAwaited(request.getID())).isTrue();
            pending.complete(request.getID(), new Outcome.Done(PutResponse.getDefaultInstance()));
        });
        assertThat(result).isCompletedWithValue(PutResponse.getDefaultInstance());
    }

    @Test
    void proposeWhenAnotherLeadsForwards() {
        SteppedNode member = new SteppedNode(3).following(2, 2);
        CompletableFuture<Message> result = proposer(member).propose(put(1));
        member.settle();
        assertThat(member.sent(MessageType.PROP)).singleElement().satisfies(message -> {
            assertThat(message.to()).isEqualTo(2);
            assertThat(requests(message.entries())).hasSize(1);
        });
        assertThat(result).isNotDone();
    }

    @Test
    void proposeWhenNobodyAnswersExpiresAtItsDeadline() {
        SteppedNode member = new SteppedNode(3).following(2, 2);
        CompletableFuture<Message> result = proposer(member).propose(put(1));
        member.clock.advance(TIMEOUT.minusNanos(1));
        pending.expire(member.clock.nanos());
        assertThat(result).isNotDone();
        member.clock.advance(Duration.ofNanos(1));
        pending.expire(member.clock.nanos());
        assertRefused(result, RequestError.TIMEOUT);
    }

    @Test
    void proposeWhenTooLargeRefuses() {
        SteppedNode member = new SteppedNode(1).elected();
        Proposer proposer = proposer(member);
        assertRefused(proposer.propose(put(BYTES_MAX)), RequestError.REQUEST_TOO_LARGE);
        int overhead = 14;
        CompletableFuture<Message> fits = proposer.propose(put(BYTES_MAX - overhead));
        member.settle();
        assertThat(fits).isNotDone();
        assertThat(requests(member.applied))
                .singleElement()
                .satisfies(request -> assertThat(request.getSerializedSize()).isEqualTo(BYTES_MAX));
        assertThat(pending.size()).isEqualTo(1);
    }

    @Test
    void proposeWhenApplyLagsTooFarBehindRefuses() {
        SteppedNode member = new SteppedNode(1).elected();
        Proposer proposer = proposer(member);
        applyGap = 6;
        assertRefused(proposer.propose(put(1)), RequestError.TOO_MANY_REQUESTS);
        applyGap = 5;
        assertThat(proposer.propose(put(1))).isNotDone();
        applyGapMax = 4;
        assertRefused(proposer.propose(put(1)), RequestError.TOO_MANY_REQUESTS);
    }

    @Test
    void proposeWhenTheInboxIsFullRefusesAndCounts() {
        SteppedNode member = new SteppedNode(1).elected();
        Proposer proposer = proposer(member);
        for (int i = 0; i < INBOX; i++) {
            assertThat(proposer.propose(put(1))).isNotDone();
        }
        assertRefused(proposer.propose(put(1)), RequestError.TOO_MANY_REQUESTS);
        assertThat(proposer.failedCount()).isEqualTo(1);
        assertThat(pending.size()).isEqualTo(INBOX);
    }

    /** What a leader decides by its clock never reaches its successor. */
    @Test
    void proposeAsLeaderWhenAnotherLeadsIsDropped() {
        SteppedNode member = new SteppedNode(3).following(2, 2);
        Proposer proposer = proposer(member);
        CompletableFuture<Message> result = proposer.proposeAsLeader(1, put(1));
        member.settle();
        assertRefused(result, RequestError.NO_LEADER);
        assertThat(member.sent(MessageType.PROP)).isEmpty();
        assertThat(proposer.failedCount()).isEqualTo(1);
    }

    @Test
    void proposeAsLeaderWhenItLeadsInTheTermAppends() {
        SteppedNode member = new SteppedNode(1).elected();
        long term = member.node.status().term();
        Proposer proposer = proposer(member);
        assertThat(proposer.proposeAsLeader(term, put(1))).isNotDone();
        CompletableFuture<Message> other = proposer.proposeAsLeader(term + 1, put(1));
        member.settle();
        assertThat(requests(member.applied)).hasSize(1);
        assertRefused(other, RequestError.NO_LEADER);
    }
}
