package io.quorate.proposal;

import com.google.protobuf.Message;
import io.quorate.base.Meters;
import io.quorate.base.MonotonicClock;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.base.Stages;
import io.quorate.membership.Member;
import io.quorate.membership.MemberIds;
import io.quorate.membership.MemberJson;
import io.quorate.membership.Membership;
import io.quorate.node.RaftNode;
import io.quorate.raft.PeerStatus;
import io.quorate.raft.Role;
import io.quorate.raft.Status;
import io.quorate.raft.confchange.ChangeType;
import io.quorate.raft.confchange.ConfChange;
import io.quorate.raft.confchange.ConfChange.MemberChange;
import io.quorate.raft.confchange.Transition;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Takes changes of the cluster's members through Raft, after checking that they do not cost the quorum (docs/etcd-v3.md, section
 * 2.12). Whether a change is possible at all is judged again when it is applied, with the members of that moment.
 */
public final class MembershipChanges {

    private static final int PORT_MAX = 65_535;
    private static final Duration HEALTHY_FOR = Duration.ofSeconds(5);

    /** A learner may become a voter once it has this share of the leader's log. */
    private static final double READY_SHARE = 0.9;

    private static final Set<String> SCHEMES = Set.of("http", "https");
    private static final Set<String> SOCKET_FILES = Set.of("unix", "unixs");

    private final Membership membership;
    private final RaftNode node;
    private final PendingProposals pending;
    private final Identifiers identifiers;
    private final Rules rules;
    private final Connectivity connectivity;
    private final KnownLeader view;
    private final PeerCalls peers;
    private final LeadershipTransfer transfer;
    private final LongAdder promotions = new LongAdder();
    private final LongAdder promotionsFailed = new LongAdder();

    /** Where new numbers come from, and the times behind them. */
    public record Identifiers(
            IdGenerator requests, MonotonicClock clock, InstantSource timeOfDay, String clusterToken) {}

    /**
     * What is allowed.
     *
     * @param strict whether the started and reachable members are counted first
     * @param learnersMax how many learners there may be
     * @param timeout how long a change is awaited
     */
    public record Rules(boolean strict, int learnersMax, Duration timeout) {}

    public MembershipChanges(
            Membership membership,
            RaftNode node,
            PendingProposals pending,
            Identifiers identifiers,
            Rules rules,
            Connectivity connectivity,
            LeaderLink leader) {
        this.membership = membership;
        this.node = node;
        this.pending = pending;
        this.identifiers = identifiers;
        this.rules = rules;
        this.connectivity = connectivity;
        this.view = leader.view();
        this.peers = leader.peers();
        this.transfer = leader.transfer();
    }

    /** How to reach the leader, and how to make another one it. */
    public record LeaderLink(KnownLeader view, PeerCalls peers, LeadershipTransfer transfer) {}

    /** Adds a member; completes with it once all of Raft counts with it. */
    public CompletionStage<Member> add(List<String> peerUrls, boolean learner) {
        if (!areUrls(peerUrls)) {
            return refused(RequestError.MEMBER_URLS_INVALID);
        }
        List<String> urls = peerUrls.stream().sorted().toList();
        long seconds = identifiers.timeOfDay().millis() / 1000;
        long id = MemberIds.addedMemberId(urls, identifiers.clusterToken(), seconds);
        Member added = Member.announced(id, "", urls, learner);
        RequestError refusal = refusalOfOneMore(learner);
        if (refusal == null) {
            refusal = membership.refusalToAdd(added, rules.learnersMax());
        }
        if (refusal != null) {
            return refused(refusal);
        }
        ChangeType type = learner ? ChangeType.ADD_LEARNER_NODE : ChangeType.ADD_NODE;
        return propose(type, id, MemberJson.encode(added)).thenApply(done -> added);
    }

    /** Removes a member for good. */
    public CompletionStage<?> remove(long id) {
        Member member = membership.member(id);
        if (member == null) {
            return refused(RequestError.MEMBER_NOT_FOUND);
        }
        RequestError refusal = member.isLearner() ? null : refusalOfOneLess(member);
        if (refusal != null) {
            return refused(refusal);
        }
        return transfer.relieve(id, rules.timeout())
                .thenCompose(done -> propose(ChangeType.REMOVE_NODE, id, new byte[0]));
    }

    /** Gives a member other peer URLs. */
    public CompletionStage<?> update(long id, List<String> peerUrls) {
        if (membership.member(id) != null && !areUrls(peerUrls)) { // etcd's members would all end where they apply it
            return refused(RequestError.MEMBER_URLS_INVALID);
        }
        Member updated = Member.announced(id, "", peerUrls.stream().sorted().toList(), false);
        return propose(ChangeType.UPDATE_NODE, id, MemberJson.encode(updated));
    }

    /** Makes a learner a voter, if it is up to date; the leader knows that. */
    public CompletionStage<?> promote(long id) {
        if (view.isLocal()) {
            return promoteHere(id);
        }
        long leader = view.leader().getAsLong();
        if (leader == 0) {
            return refused(RequestError.NO_LEADER);
        }
        byte[] request = ByteBuffer.allocate(Long.BYTES).putLong(id).array();
        return peers.call(leader, LeaderCall.PROMOTE.number(), request, rules.timeout())
                .exceptionallyCompose(failure -> {
                    RequestError error = LeaseForwarder.errorOf(Stages.causeOf(failure));
                    return CompletableFuture.failedFuture(
                            new RequestException(error == null ? RequestError.TIMEOUT : error));
                });
    }

    CompletionStage<Message> promoteHere(long id) {
        RequestError refusal = membership.refusalToPromote(id);
        if (refusal == null) {
            refusal = refusalOfLearner(id);
        }
        Member member = membership.member(id);
        if (refusal != null || member == null) {
            promotionsFailed.increment();
            return refused(refusal == null ? RequestError.MEMBER_NOT_FOUND : refusal);
        }
        CompletableFuture<Message> promotion = propose(ChangeType.ADD_NODE, id, MemberJson.encodePromotion(member));
        Stages.whenDone(
                "counting a promotion",
                promotion,
                (done, failure) -> (failure == null ? promotions : promotionsFailed).increment());
        return promotion;
    }

    /** Learners that became voters while this member led. */
    public long promotions() {
        return promotions.sum();
    }

    /** Learners that were to become voters and did not. */
    public long promotionsFailed() {
        return promotionsFailed.sum();
    }

    private CompletableFuture<Message> propose(ChangeType type, long id, byte[] context) {
        long number = identifiers.requests().next();
        ConfChange change = new ConfChange(number, Transition.AUTO, List.of(new MemberChange(type, id)), context);
        CompletableFuture<Message> result = pending.register(
                number, identifiers.clock().nanos() + rules.timeout().toNanos());
        if (!node.proposeConfChange(change, () -> pending.fail(number, RequestError.NO_LEADER))) {
            pending.fail(number, RequestError.TOO_MANY_REQUESTS);
        }
        return result;
    }

    private static <T> CompletableFuture<T> refused(RequestError error) {
        return CompletableFuture.failedFuture(new RequestException(error));
    }

    private static boolean areUrls(List<String> texts) {
        return !texts.isEmpty() && texts.stream().allMatch(MembershipChanges::isUrl);
    }

    private static boolean isUrl(String text) {
        try {
            URI url = new URI(text);
            if (SOCKET_FILES.contains(String.valueOf(url.getScheme()))) {
                return text.length() > url.getScheme().length() + "://".length();
            }
            return url.getScheme() != null
                    && SCHEMES.contains(url.getScheme())
                    && url.getHost() != null
                    && url.getPort() > 0
                    && url.getPort() <= PORT_MAX
                    && (url.getPath() == null || url.getPath().isEmpty());
        } catch (URISyntaxException e) {
            return false; // that is the answer
        }
    }

    // ---- the rules about the quorum

    private List<Member> voters() {
        return membership.members().stream()
                .filter(member -> !member.isLearner())
                .toList();
    }

    private static long started(List<Member> members) {
        return members.stream().filter(member -> !member.name().isEmpty()).count();
    }

    /**
     * The newcomer counts as down, also a learner, which is to become a voter; only the members that have started are not
     * counted for a learner, as in etcd. From one to two is always allowed, or nothing would ever begin.
     */
    private @Nullable RequestError refusalOfOneMore(boolean learner) {
        List<Member> voters = voters();
        if (!rules.strict() || (voters.size() == 1 && (learner || started(voters) == 1))) {
            return null;
        }
        long quorum = (voters.size() + 1) / 2 + 1;
        if (!learner && started(voters) < quorum) {
            return RequestError.NOT_ENOUGH_STARTED_MEMBERS;
        }
        return connectivity.votersActiveFor(HEALTHY_FOR.toNanos()) < quorum ? RequestError.UNHEALTHY_CLUSTER : null;
    }

    private @Nullable RequestError refusalOfOneLess(Member leaving) {
        if (!rules.strict()) {
            return null;
        }
        List<Member> staying = voters().stream()
                .filter(member -> !member.id().equals(leaving.id()))
                .toList();
        long quorum = staying.size() / 2 + 1;
        if (started(staying) < quorum) {
            return RequestError.NOT_ENOUGH_STARTED_MEMBERS;
        }
        if (!connectivity.isActive(leaving.id())) {
            return null;
        }
        return connectivity.votersActiveFor(HEALTHY_FOR.toNanos()) - 1 < quorum ? RequestError.UNHEALTHY_CLUSTER : null;
    }

    private @Nullable RequestError refusalOfLearner(long id) {
        Status status = node.status();
        if (status.role() != Role.LEADER) {
            return RequestError.NOT_LEADER;
        }
        long match = status.progress().stream()
                .filter(peer -> peer.id() == id)
                .mapToLong(PeerStatus::match)
                .findFirst()
                .orElse(0);
        if (match < READY_SHARE * status.lastIndex()) {
            return RequestError.LEARNER_NOT_READY;
        }
        List<Member> voters = voters();
        long quorum = (voters.size() + 1) / 2 + 1;
        return rules.strict() && started(voters) + 1 < quorum ? RequestError.NOT_ENOUGH_STARTED_MEMBERS : null;
    }

    /** Registers what is counted here. */
    public void register(Meters meters) {
        meters.counter(
                "etcd_server_learner_promote_successes",
                "Learners made voters while this member led.",
                this::promotions);
        meters.counter(
                "etcd_server_learner_promote_failures", "Learners refused to become voters.", this::promotionsFailed);
    }
}
