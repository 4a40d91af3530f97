package io.quorate.proposal;

import static io.quorate.proposal.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.apply.Outcome;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.membership.Member;
import io.quorate.membership.MemberIds;
import io.quorate.membership.MemberJson;
import io.quorate.membership.Membership;
import io.quorate.membership.MemoryMembers;
import io.quorate.node.SteppedNode;
import io.quorate.proto.EmptyResponse;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.MessageType;
import io.quorate.raft.confchange.ChangeType;
import io.quorate.raft.confchange.ConfChange;
import io.quorate.raft.confchange.ConfChangeCodec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Member 1 of three; what it hears from the others is said by the test. */
class MembershipChangesTests {

    private static final Duration TIMEOUT = Duration.ofSeconds(7);
    private static final int LEARNERS_MAX = 1;
    private static final List<String> URLS = List.of("http://new:2380");
    private final SteppedNode member = new SteppedNode(3).elected();
    private final Membership membership = new MemoryMembers().open();
    private final PendingProposals pending = new PendingProposals(deadline -> RequestError.TIMEOUT);
    private final Map<Long, Long> activeSince = new HashMap<>();
    private final List<Long> askedToPromote = new ArrayList<>();
    private CompletableFuture<byte[]> leaderAnswer = new CompletableFuture<>();
    private long leader = SteppedNode.ID;
    private final KnownLeader view =
            new KnownLeader(SteppedNode.ID, () -> leader, () -> CompletableFuture.completedFuture(true), () -> 0);
    private final Connectivity connectivity =
            new Connectivity(membership, id -> activeSince.getOrDefault(id, 0L), member.clock);
    private final LeadershipTransfer transfer =
            new LeadershipTransfer(membership, member.node, view, connectivity, member.clock);
    private final MembershipChanges changes = changes(true);

    private MembershipChanges changes(boolean strict) {
        return changes(strict, InstantSource.fixed(Instant.EPOCH));
    }

    private MembershipChanges changes(boolean strict, InstantSource timeOfDay) {
        return new MembershipChanges(
                membership,
                member.node,
                pending,
                new MembershipChanges.Identifiers(new IdGenerator(SteppedNode.ID, 0), member.clock, timeOfDay, "token"),
                new MembershipChanges.Rules(strict, LEARNERS_MAX, TIMEOUT),
                connectivity,
                new MembershipChanges.LeaderLink(
                        view,
                        (to, method, request, timeout) -> {
                            askedToPromote.add(to);
                            return leaderAnswer;
                        },
                        transfer));
    }

    @BeforeEach
    void everybodyIsThereForLong() {
        for (long id = 1; id <= 3; id++) {
            membership.put(SteppedNode.member(id));
            activeSince.put(id, member.clock.nanos());
        }
        member.clock.advance(Duration.ofSeconds(5));
    }

    /** The change that went into the log and is not committed yet, as the others are sent it. */
    private List<ConfChange> proposed() {
        member.settle();
        return member.sent(MessageType.APP).stream()
                .filter(message -> message.to() == 2)
                .flatMap(message -> message.entries().stream())
                .filter(entry -> entry.type() != EntryType.NORMAL)
                .map(ConfChangeCodec::decode)
                .toList();
    }

    private ConfChange onlyProposed() {
        assertThat(proposed()).hasSize(1);
        return proposed().getFirst();
    }

    private void assertNothingProposed() {
        assertThat(proposed()).isEmpty();
        assertThat(pending.size()).isZero();
    }

    private void unstarted(long id) {
        membership.put(Member.announced(id, "", List.of("http://m" + id + ":1"), false));
    }

    // ---- adding

    @Test
    void addProposesAVoterThatDescribesItself() {
        CompletionStage<Member> result = changes.add(List.of("http://b:1", "http://a:1"), false);
        assertThat(result.toCompletableFuture()).isNotDone();
        ConfChange change = onlyProposed();
        assertThat(change.changes())
                .singleElement()
                .satisfies(single -> assertThat(single.type()).isEqualTo(ChangeType.ADD_NODE));
        Member added = MemberJson.decode(change.context());
        assertThat(added.peerUrls()).containsExactly("http://a:1", "http://b:1");
        assertThat(added.isLearner()).isFalse();
        assertThat(pending.isAwaited(change.id())).isTrue();
    }

    @Test
    void addWhenALearnerProposesALearnerAndDoesNotCountVoters() {
        unstarted(2);
        unstarted(3);
        changes.add(URLS, true);
        ConfChange change = onlyProposed();
        assertThat(change.changes())
                .singleElement()
                .satisfies(single -> assertThat(single.type()).isEqualTo(ChangeType.ADD_LEARNER_NODE));
        assertThat(MemberJson.decode(change.context()).isLearner()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "new:2380",
                "http://new",
                "http://new:2380/path",
                "ftp://new:2380",
                "http://:2380",
                "http://n w:1",
                "http://new:0",
                "http://new:65536",
                "https://127.0.0.1:70000",
                "http://new:99999999999"
            })
    void changeWhenAUrlIsNoneRefuses(String url) {
        assertRefused(changes.add(List.of("http://good:1", url), false), RequestError.MEMBER_URLS_INVALID);
        assertRefused(changes.update(2, List.of("http://good:1", url)), RequestError.MEMBER_URLS_INVALID);
        assertNothingProposed();
    }

    @Test
    void changeWhenThereIsNoUrlRefuses() {
        assertRefused(changes.add(List.of(), false), RequestError.MEMBER_URLS_INVALID);
        assertRefused(changes.update(2, List.of()), RequestError.MEMBER_URLS_INVALID);
    }

    @Test
    void addWhenAUrlIsTakenRefuses() {
        assertRefused(changes.add(List.of("http://localhost:2"), false), RequestError.PEER_URL_EXISTS);
        assertNothingProposed();
    }

    /** Of four, three must be there; the newcomer is not. */
    @Test
    void addWhenTooFewHaveStartedRefuses() {
        unstarted(3);
        assertRefused(changes.add(URLS, false), RequestError.NOT_ENOUGH_STARTED_MEMBERS);
        assertNothingProposed();
    }

    @Test
    void addWhenTooFewVotersHaveStartedDoesNotCountLearners() {
        unstarted(3);
        membership.put(Member.announced(4, "m4", List.of("http://m4:1"), true));
        assertRefused(changes.add(URLS, false), RequestError.NOT_ENOUGH_STARTED_MEMBERS);
        activeSince.put(4L, activeSince.get(1L));
        membership.put(SteppedNode.member(3));
        activeSince.remove(3L);
        assertRefused(changes.add(URLS, false), RequestError.UNHEALTHY_CLUSTER);
    }

    @Test
    void addWhenAppliedGivesTheMember() {
        CompletableFuture<Member> result = changes.add(URLS, false).toCompletableFuture();
        pending.complete(onlyProposed().id(), new Outcome.Done(EmptyResponse.getDefaultInstance()));
        assertThat(result).isCompleted();
        assertThat(result.join().peerUrls()).isEqualTo(URLS);
    }

    @Test
    void addTakesTheIdFromUrlsTokenAndSecond() {
        changes(true, InstantSource.fixed(Instant.EPOCH.plusMillis(2_999))).add(URLS, false);
        assertThat(MemberJson.decode(onlyProposed().context()).id())
                .isEqualTo(MemberIds.addedMemberId(URLS, "token", 2));
    }

    @Test
    void addWhenOneIsNotReachedForFiveSecondsRefuses() {
        activeSince.merge(3L, 1L, Long::sum);
        assertRefused(changes.add(URLS, false), RequestError.UNHEALTHY_CLUSTER);
        assertNothingProposed();
    }

    @Test
    void addWhenNotStrictAsksForNoQuorum() {
        unstarted(3);
        activeSince.clear();
        changes(false).add(URLS, false);
        assertThat(onlyProposed()).isNotNull();
    }

    @Test
    void addWhenItIsAloneIsAlwaysAllowed() {
        membership.remove(2);
        membership.remove(3);
        changes.add(URLS, false);
        assertThat(onlyProposed()).isNotNull();
    }

    @Test
    void addWhenThereAreLearnersEnoughRefuses() {
        membership.put(Member.announced(4, "m4", List.of("http://m4:1"), true));
        assertRefused(changes.add(URLS, true), RequestError.TOO_MANY_LEARNERS);
        assertNothingProposed();
    }

    // ---- removing

    @Test
    void removeProposesIt() {
        changes.remove(3);
        assertThat(onlyProposed().changes()).singleElement().satisfies(single -> {
            assertThat(single.type()).isEqualTo(ChangeType.REMOVE_NODE);
            assertThat(single.nodeId()).isEqualTo(3);
        });
    }

    @Test
    void removeWhenThereIsNoSuchMemberRefuses() {
        assertRefused(changes.remove(9), RequestError.MEMBER_NOT_FOUND);
        assertNothingProposed();
    }

    @Test
    void removeWhenTooFewStartedWouldStayRefuses() {
        unstarted(2);
        assertRefused(changes.remove(3), RequestError.NOT_ENOUGH_STARTED_MEMBERS);
        changes.remove(2);
        assertThat(onlyProposed().changes().getFirst().nodeId()).isEqualTo(2);
    }

    @Test
    void removeWhenTooFewReachedWouldStayRefusesToRemoveOneThatIsReached() {
        activeSince.remove(2L);
        assertRefused(changes.remove(3), RequestError.UNHEALTHY_CLUSTER);
        changes.remove(2);
        assertThat(onlyProposed().changes().getFirst().nodeId()).isEqualTo(2);
    }

    @Test
    void removeWhenItIsALearnerAsksForNoQuorum() {
        membership.put(Member.announced(4, "m4", List.of("http://m4:1"), true));
        activeSince.clear();
        changes.remove(4);
        assertThat(onlyProposed().changes().getFirst().nodeId()).isEqualTo(4);
    }

    @Test
    void removeWhenTheLeaderOfTwoLeavesHandsOverFirst() {
        membership.remove(3);
        changes(false).remove(SteppedNode.ID);
        assertThat(proposed()).isEmpty();
        assertThat(member.sent(MessageType.TIMEOUT_NOW)).hasSize(1);
    }

    // ---- updating and promoting

    @Test
    void updateProposesTheUrls() {
        CompletableFuture<?> result =
                changes.update(2, List.of("http://moved:1")).toCompletableFuture();
        assertThat(result).isNotDone();
        ConfChange change = onlyProposed();
        assertThat(change.changes().getFirst().type()).isEqualTo(ChangeType.UPDATE_NODE);
        assertThat(MemberJson.decode(change.context()).peerUrls()).containsExactly("http://moved:1");
    }

    @Test
    void promoteWhenTheLearnerIsFarBehindRefuses() {
        membership.put(Member.announced(4, "m4", List.of("http://m4:1"), true));
        assertRefused(changes.promote(4), RequestError.LEARNER_NOT_READY);
        assertNothingProposed();
    }

    @Test
    void promoteWhenItIsNoLearnerRefuses() {
        assertRefused(changes.promote(9), RequestError.MEMBER_NOT_FOUND);
        assertRefused(changes.promote(2), RequestError.MEMBER_NOT_LEARNER);
        assertNothingProposed();
    }

    /** The core knows member 2 as up to date, whatever the list of members calls it. */
    @Test
    void promoteWhenTheLearnerIsUpToDateProposesAVoter() {
        membership.put(Member.announced(2, "m2", List.of("http://m2:1"), true));
        assertThat(changes.promote(2).toCompletableFuture()).isNotDone();
        ConfChange change = onlyProposed();
        assertThat(change.changes().getFirst().type()).isEqualTo(ChangeType.ADD_NODE);
        assertThat(MemberJson.isPromotion(change.context())).isTrue();
    }

    /** It has 4 of 24 entries; nine tenths are enough. */
    @Test
    void promoteWhenTheLearnerHasHalfOfTheLogRefuses() {
        membership.put(Member.announced(2, "m2", List.of("http://m2:1"), true));
        for (int i = 0; i < 20; i++) {
            member.propose("entry");
        }
        assertRefused(changes.promote(2), RequestError.LEARNER_NOT_READY);
        member.acknowledge();
        member.acknowledge();
        changes.promote(2);
        assertThat(onlyProposed().changes().getFirst().nodeId()).isEqualTo(2);
    }

    @Test
    void promoteWhenTooFewHaveStartedRefusesIfStrict() {
        membership.put(Member.announced(2, "m2", List.of("http://m2:1"), true));
        unstarted(3);
        unstarted(5);
        assertRefused(changes.promote(2), RequestError.NOT_ENOUGH_STARTED_MEMBERS);
        assertNothingProposed();
        membership.put(SteppedNode.member(5));
        changes.promote(2);
        assertThat(onlyProposed().changes().getFirst().nodeId()).isEqualTo(2);
    }

    @Test
    void promoteWhenNotStrictAsksNotWhoHasStarted() {
        membership.put(Member.announced(2, "m2", List.of("http://m2:1"), true));
        unstarted(3);
        unstarted(5);
        changes(false).promote(2);
        assertThat(onlyProposed().changes().getFirst().nodeId()).isEqualTo(2);
    }

    /** The list says that it leads, the core knows better. */
    @Test
    void promoteWhenTheCoreDoesNotLeadRefuses() {
        member.following(3, 9);
        membership.put(Member.announced(2, "m2", List.of("http://m2:1"), true));
        assertRefused(changes.promote(2), RequestError.NOT_LEADER);
    }

    @Test
    void promoteWhenAnotherLeadsAsksIt() {
        leader = 3;
        CompletionStage<?> result = changes.promote(4);
        assertThat(askedToPromote).containsExactly(3L);
        leaderAnswer.complete(new byte[0]);
        assertThat(result.toCompletableFuture()).isCompleted();
    }

    @Test
    void promoteWhenTheLeaderRefusesTellsWhy() {
        leader = 3;
        leaderAnswer = CompletableFuture.failedFuture(new RequestException(RequestError.LEARNER_NOT_READY));
        assertRefused(changes.promote(4), RequestError.LEARNER_NOT_READY);
        leaderAnswer = CompletableFuture.failedFuture(new IllegalStateException("the connection is lost"));
        assertRefused(changes.promote(4), RequestError.TIMEOUT);
    }

    @Test
    void promoteWhenNobodyLeadsRefuses() {
        leader = 0;
        assertRefused(changes.promote(4), RequestError.NO_LEADER);
        assertThat(askedToPromote).isEmpty();
    }

    // ---- waiting

    @Test
    void changeWhenItIsNotAppliedInTimeExpires() {
        CompletionStage<?> result = changes.remove(3);
        member.clock.advance(TIMEOUT.minusNanos(1));
        pending.expire(member.clock.nanos());
        assertThat(result.toCompletableFuture()).isNotDone();
        member.clock.advance(Duration.ofNanos(1));
        pending.expire(member.clock.nanos());
        assertRefused(result, RequestError.TIMEOUT);
    }

    @Test
    void changeWhenTheInboxIsFullRefuses() {
        while (member.node.readIndex(new byte[] {1})) {
            // fills it
        }
        assertRefused(changes.remove(3), RequestError.TOO_MANY_REQUESTS);
    }

    @Test
    void changeWhenNobodyLeadsIsDroppedAndRefused() {
        SteppedNode lonely = new SteppedNode(3).settle();
        MembershipChanges own = new MembershipChanges(
                membership,
                lonely.node,
                pending,
                new MembershipChanges.Identifiers(
                        new IdGenerator(SteppedNode.ID, 0), lonely.clock, InstantSource.fixed(Instant.EPOCH), "token"),
                new MembershipChanges.Rules(false, LEARNERS_MAX, TIMEOUT),
                connectivity,
                new MembershipChanges.LeaderLink(view, (to, method, request, timeout) -> leaderAnswer, transfer));
        CompletionStage<?> result = own.remove(3);
        lonely.settle();
        assertRefused(result, RequestError.NO_LEADER);
        assertThat(lonely.applied).extracting(Entry::type).doesNotContain(EntryType.CONF_CHANGE_V2);
    }
}
