package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.fixture.MeterReader;
import io.quorate.lease.LeaseRecord.LeaseCheckpoint;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.LeaseGrantRequest;
import io.quorate.raft.Ready.SoftState;
import io.quorate.raft.Role;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a leader does about leases whose time is up, and one that no longer leads does not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExpiredLeasesTests {

    private static final long TTL = 1_000;
    private static final long LOCAL = 0xa1;

    private SteppedMember member;
    private ExpiredLeases expired;
    private long term;

    @BeforeAll
    void start(@TempDir Path directory) {
        member = new SteppedMember(new SteppedMember.Disk(directory)).started();
        term = member.node.status().term();
    }

    @BeforeEach
    void lead() {
        expired = new ExpiredLeases(member.leadership, member.proposer, member.state.auth());
        member.handler.updateLeadership(new SoftState(LOCAL, Role.LEADER), term);
        member.leases.leases().forEach(lease -> revoke(term, List.of(lease)));
        expired = new ExpiredLeases(member.leadership, member.proposer, member.state.auth());
    }

    @AfterAll
    void close() {
        member.close();
    }

    private void grant(long id) {
        member.propose(InternalRaftRequest.newBuilder()
                .setLeaseGrant(LeaseGrantRequest.newBuilder().setID(id).setTTL(TTL)));
    }

    private boolean isThere(long id) {
        return member.leases.lookup(id) != null;
    }

    private void revoke(long inTerm, List<Long> ids) {
        expired.revoke(inTerm, ids);
        member.settle();
    }

    @Test
    void revokeWhenItLeadsInTheTermRevokes() {
        grant(1);
        grant(2);
        revoke(term, List.of(1L));
        assertThat(isThere(1)).isFalse();
        assertThat(isThere(2)).isTrue();
        assertThat(expired.expiredCount()).isEqualTo(1);
        assertThat(new MeterReader(expired::register).value("etcd_debugging_server_lease_expired_total"))
                .isEqualTo(1);
    }

    /** Somebody else leads now, and may have renewed it. */
    @Test
    void revokeWhenItDoesNotLeadLeavesTheLeaseAlone() {
        grant(1);
        member.handler.updateLeadership(new SoftState(7, Role.FOLLOWER), term + 1);
        revoke(term, List.of(1L));
        assertThat(isThere(1)).isTrue();
        assertThat(expired.expiredCount()).isZero();
    }

    /** It leads again, but what it decided in another term says nothing about the renewals since. */
    @Test
    void revokeWhenItLeadsInAnotherTermLeavesTheLeaseAlone() {
        grant(1);
        revoke(term - 1, List.of(1L));
        assertThat(isThere(1)).isTrue();
        assertThat(expired.expiredCount()).isZero();
    }

    @Test
    void revokeWhenThereAreManyRevokesAllOfThemSomeAtATime() {
        List<Long> ids = LongStream.rangeClosed(1, 40).boxed().toList();
        ids.forEach(this::grant);
        expired.revoke(term, ids);
        assertThat(member.proposals.pending().size()).isEqualTo(16);
        member.settle();
        assertThat(ids).noneMatch(this::isThere);
        assertThat(expired.expiredCount()).isEqualTo(40);
    }

    @Test
    void revokeWhenALeaseIsGoneAlreadyGoesOnWithTheNext() {
        grant(2);
        revoke(term, List.of(1L, 2L));
        assertThat(isThere(2)).isFalse();
        assertThat(expired.expiredCount()).isEqualTo(1);
    }

    @Test
    void checkpointWhenItLeadsInTheTermIsApplied() {
        grant(1);
        expired.checkpoint(term, List.of(new LeaseCheckpoint(1, 300)));
        member.settle();
        assertThat(member.leases.lookup(1))
                .satisfies(lease -> assertThat(lease.remainingTtl()).isEqualTo(300));
    }

    @Test
    void checkpointWhenItLeadsInAnotherTermIsNot() {
        grant(1);
        expired.checkpoint(term - 1, List.of(new LeaseCheckpoint(1, 300)));
        member.settle();
        assertThat(member.leases.lookup(1))
                .satisfies(lease -> assertThat(lease.remainingTtl()).isNotEqualTo(300));
    }

    @Test
    void checkpointWhenItDoesNotLeadIsNot() {
        grant(1);
        member.handler.updateLeadership(new SoftState(7, Role.FOLLOWER), term + 1);
        expired.checkpoint(term, List.of(new LeaseCheckpoint(1, 300)));
        member.settle();
        assertThat(member.leases.lookup(1))
                .satisfies(lease -> assertThat(lease.remainingTtl()).isNotEqualTo(300));
    }
}
