package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.membership.Member;
import io.quorate.membership.Membership;
import io.quorate.membership.MemoryMembers;
import io.quorate.membership.Versions;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.membershippb.DowngradeInfoSetRequest;
import io.quorate.raft.Ready.SoftState;
import io.quorate.raft.Role;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member that has proposed its name and waits for that entry. */
class PublisherTests {

    private static final List<String> PEER_URLS = List.of("http://a:2380");
    private static final List<String> CLIENT_URLS = List.of("http://a:2379");

    @TempDir
    private Path directory;

    private final MemoryMembers disk = new MemoryMembers();
    private final Membership membership = disk.open();
    private SteppedMember member;
    private Publisher publisher;

    @BeforeEach
    void propose() {
        member = new SteppedMember(new SteppedMember.Disk(directory)).started();
        membership.put(Member.announced(membership.localId(), "", PEER_URLS, false));
        publisher = new Publisher(membership, member.consensusState, member.proposer, "a", CLIENT_URLS);
        publisher.poll();
    }

    @AfterEach
    void end() {
        member.close();
    }

    private void store(String name) {
        List<String> clientUrls = name.isEmpty() ? List.of() : CLIENT_URLS;
        disk.store(new Member(membership.localId(), name, PEER_URLS, clientUrls, false));
    }

    @Test
    void pollWhenTheEntryIsAppliedHasPublished() {
        assertThat(publisher.published()).isNotDone();
        member.settle();
        assertThat(publisher.published()).isCompleted();
    }

    @Test
    void pollWhenASnapshotBroughtWhatWasProposedHasPublished() {
        store("a");
        publisher.poll();
        assertThat(publisher.published()).as("before it is installed").isNotDone();
        membership.restore();
        publisher.poll();
        assertThat(publisher.published()).isCompleted();
    }

    @Test
    void pollWhenASnapshotIsOlderThanTheProposalWaits() {
        store("");
        membership.restore();
        publisher.poll();
        assertThat(publisher.published()).isNotDone();
    }

    private int waiting() {
        return member.proposals.pending().size();
    }

    @Test
    void pollWhenOneIsUnderWayProposesNoOther() {
        publisher.poll();
        assertThat(waiting()).isEqualTo(1);
    }

    @Test
    void pollWhenNoLeaderIsKnownProposesNothing() {
        member.settle();
        member.consensusState.update(new SoftState(0, Role.FOLLOWER));
        new Publisher(membership, member.consensusState, member.proposer, "a", CLIENT_URLS).poll();
        assertThat(waiting()).isZero();
    }

    @Test
    void pollWhenAnAttemptEndedWithoutAResultMakesAnother() {
        member.proposals.pending().expire(Long.MAX_VALUE);
        assertThat(publisher.published()).isNotDone();
        publisher.poll();
        assertThat(waiting()).isEqualTo(1);
        member.settle();
        assertThat(publisher.published()).isCompleted();
    }

    @Test
    void pollWhenAllIsSaidProposesNothing() {
        membership.setClusterVersion(Versions.CLUSTER);
        member.settle();
        publisher.poll();
        assertThat(waiting()).isZero();
    }

    @Test
    void pollWhenTheClusterGoesBackSetsItsVersion() {
        Publisher own = new Publisher(member.membership, member.consensusState, member.proposer, "a", CLIENT_URLS);
        own.poll();
        member.settle();
        assertThat(own.published()).isCompleted();
        member.propose(InternalRaftRequest.newBuilder()
                .setDowngradeInfoSet(
                        DowngradeInfoSetRequest.newBuilder().setEnabled(true).setVer("3.7.0")));
        own.poll();
        member.settle();
        assertThat(member.membership.clusterVersion()).isEqualTo("3.7.0");
    }

    /** Two would set it by turns. */
    @Test
    void pollWhenItDoesNotLeadLeavesTheVersionToTheLeader() {
        member.settle();
        member.consensusState.update(new SoftState(7, Role.FOLLOWER));
        assertThat(membership.clusterVersion()).isNull();
        publisher.poll();
        assertThat(waiting()).isZero();
    }
}
