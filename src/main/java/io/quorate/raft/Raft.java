package io.quorate.raft;

import io.quorate.base.Fault;
import io.quorate.raft.Elections.CampaignKind;
import io.quorate.raft.Ready.ReadState;
import io.quorate.raft.Ready.SoftState;
import io.quorate.raft.Role.RoleHandler;
import io.quorate.raft.log.Entries;
import io.quorate.raft.log.RaftLog;
import io.quorate.raft.readonly.PendingReads.ReadOnlyOption;
import io.quorate.raft.tracker.Configuration;
import io.quorate.raft.tracker.Progress;
import io.quorate.raft.tracker.ProgressTracker;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of one member and the only place where term, vote, role and leader change.
 *
 * <p>Every message passes {@link #step}, which compares terms (thesis, section 3.3) and hands it on to the handler of the
 * present role. Transitions:
 *
 * <pre>
 * follower --no leader for an election timeout--> pre-candidate --quorum would vote--> candidate
 * candidate --quorum voted--> leader
 * any --message of a higher term--> follower
 * pre-candidate, candidate --quorum refused, or a leader of this term appeared--> follower
 * leader --no quorum heard of for an election timeout--> follower
 * </pre>
 *
 * <p>One thread at a time: the owner of the {@link RawNode}.
 */
final class Raft {

    private final RaftConfig config;
    private final RaftLog log;
    private final ProgressTracker tracker;
    private final Outbox outbox = new Outbox();
    private final Elections elections;
    private final Membership membership;
    private final LeaderRole leaderRole;
    private final CandidateRole candidateRole;
    private final FollowerRole followerRole;

    /**
     * The latest term seen. Only {@code becomeX} methods change it; it never decreases. Durable (hard state)
     * before any message of the term that promises something is sent.
     */
    private long term;

    /**
     * The candidate that this member voted for in {@link #term}; 0 for none. Within a term it changes at most
     * once, from 0. Durable before the vote is sent.
     */
    private long vote;

    /** Changed by {@code becomeX} methods only; see the transitions above. */
    private Role role = Role.FOLLOWER;

    /**
     * The leader of {@link #term}; 0 while it is unknown. A term has at most one: once set, it changes only to
     * 0 or with the term.
     */
    private long leader;

    /**
     * Ticks since the election timer was reset: by the leader's messages on a follower, by a new campaign, by
     * check-quorum on a leader.
     */
    private int electionElapsed;

    /**
     * Ticks since the last heartbeats. Used on a leader only; always below {@code heartbeatTicks} between two
     * ticks.
     */
    private int heartbeatElapsed;

    /**
     * Ticks after which this member campaigns, drawn anew at each reset: in {@code [electionTicks, 2 *
     * electionTicks - 1]}.
     */
    private int randomizedElectionTimeout;

    /**
     * Confirmed reads that the next {@link Ready} hands out. Each index was committed when its read was
     * confirmed.
     */
    private List<ReadState> readStates = new ArrayList<>();

    Raft(RaftConfig config, LogStorage storage) {
        this.config = config;
        this.log = new RaftLog(storage, config.maxCommittedSizePerReady(), config.logger());
        this.tracker = new ProgressTracker(config.maxInflightMsgs(), config.maxInflightBytes());
        Replicator replicator = new Replicator(this);
        ReadIndexQueue reads = new ReadIndexQueue(this, replicator);
        this.membership = new Membership(this, replicator, reads);
        this.elections = new Elections(this, replicator);
        this.leaderRole = new LeaderRole(this, replicator, reads);
        this.followerRole = new FollowerRole(this, elections, membership);
        this.candidateRole = new CandidateRole(this, elections, followerRole);
        start(storage.initialState());
    }

    private void start(LogStorage.InitialState initial) {
        membership.install(Configuration.of(initial.confState()));
        HardState hardState = initial.hardState();
        if (!hardState.isEmpty()) {
            // It may lie behind a snapshot: the application can be ahead of the write of the commit that it rests on.
            log.commitTo(hardState.commit());
            term = hardState.term();
            vote = hardState.vote();
        }
        if (config.applied() > 0) {
            // Only what is committed gets applied, even if the crash took away the note of the commit.
            log.commitTo(config.applied());
            log.appliedTo(config.applied(), 0);
        }
        becomeFollower(term, 0);
        logger().info(() -> "newRaft " + hexId() + " [peers: [" + voterList() + "], term: " + term + ", commit: "
                + log.committed() + ", applied: " + log.applied() + ", lastindex: " + log.lastIndex() + ", lastterm: "
                + log.lastTerm() + "]");
    }

    private String voterList() {
        String set = tracker.configuration().voters().ids().toString();
        return set.substring(1, set.length() - 1).replace(' ', ',');
    }

    // ---- input

    /** One unit of time passed. */
    void tick() {
        electionElapsed++;
        if (role == Role.LEADER) {
            tickLeader();
        } else if (isPromotable() && electionElapsed >= randomizedElectionTimeout) {
            electionElapsed = 0;
            step(local(MessageType.HUP));
        }
    }

    private void tickLeader() {
        heartbeatElapsed++;
        if (electionElapsed >= config.electionTicks()) {
            electionElapsed = 0;
            if (config.checkQuorum()) {
                step(local(MessageType.CHECK_QUORUM));
            }
            // A transfer that took this long has failed; serving proposals again matters more.
            leaderRole.abortTransfer();
        }
        if (role == Role.LEADER && heartbeatElapsed >= config.heartbeatTicks()) {
            heartbeatElapsed = 0;
            step(local(MessageType.BEAT));
        }
    }

    /** A message from this member to itself that no other member sees. */
    Message local(MessageType type) {
        return Message.builder().type(type).from(id()).build();
    }

    /** Takes in a message, whose origin was checked before. */
    void step(Message message) {
        if (message.term() > term) {
            if (!adoptHigherTerm(message)) {
                return;
            }
        } else if (message.term() != 0 && message.term() < term) {
            answerLowerTerm(message);
            return;
        }
        switch (message.type()) {
            case HUP -> elections.hup(config.preVote() ? CampaignKind.PRE_ELECTION : CampaignKind.ELECTION);
            case VOTE, PRE_VOTE -> elections.answerVoteRequest(message);
            case STORAGE_APPEND_RESP -> storageAppended(message, message.index());
            case STORAGE_APPLY_RESP -> storageApplied(message.entries());
            default -> handler().step(message);
        }
    }

    private RoleHandler handler() {
        return switch (role) {
            case FOLLOWER -> followerRole;
            case CANDIDATE, PRE_CANDIDATE -> candidateRole;
            case LEADER -> leaderRole;
        };
    }

    /** Returns whether to go on with the message. */
    private boolean adoptHigherTerm(Message message) {
        MessageType type = message.type();
        boolean voteRequest = type == MessageType.VOTE || type == MessageType.PRE_VOTE;
        if (voteRequest && elections.isWithinLease(message)) {
            elections.logIgnoredVoteRequest(message);
            return false;
        }
        // A trial vote changes no term, and its consent carries the term of the campaign that it would allow.
        boolean trial = type == MessageType.PRE_VOTE || (type == MessageType.PRE_VOTE_RESP && !message.reject());
        if (!trial) {
            logger().info(() -> hexId() + " [term: " + term + "] received a " + type.label()
                    + " message with higher term from " + hex(message.from()) + " [term: " + message.term() + "]");
            boolean fromLeader = type == MessageType.APP || type == MessageType.HEARTBEAT || type == MessageType.SNAP;
            becomeFollower(message.term(), fromLeader ? message.from() : 0);
        }
        return true;
    }

    private void answerLowerTerm(Message message) {
        MessageType type = message.type();
        boolean fromOldLeader = type == MessageType.HEARTBEAT || type == MessageType.APP;
        if (fromOldLeader && (config.checkQuorum() || config.preVote())) {
            // The lease keeps a member of a higher term from being elected, and this answer is then the only way to
            // make the leader, whose messages it ignores, notice the term and call an election that can succeed.
            send(compose(MessageType.APP_RESP, message.from()));
        } else if (type == MessageType.PRE_VOTE) {
            elections.rejectVoteRequest(message);
        } else if (type == MessageType.STORAGE_APPEND_RESP) {
            // An entry of the same index and term may have been removed and written again since (ABA), so an old
            // confirmation says nothing about the log. A snapshot is committed and cannot have been replaced.
            if (message.index() != 0) {
                logger().info(() -> hexId() + " [term: " + term + "] ignored entry appends from a " + type.label()
                        + " message with lower term [term: " + message.term() + "]");
            }
            storageAppended(message, 0);
        } else {
            logger().info(() -> hexId() + " [term: " + term + "] ignored a " + type.label()
                    + " message with lower term from " + hex(message.from()) + " [term: " + message.term() + "]");
        }
    }

    private void storageAppended(Message message, long index) {
        if (index != 0) {
            log.stableTo(index, message.logTerm());
        }
        Snapshot snapshot = message.snapshot();
        if (snapshot != null) {
            log.stableSnapshotTo(snapshot.index());
            applied(snapshot.index(), 0);
        }
    }

    private void storageApplied(List<Entry> entries) {
        if (!entries.isEmpty()) {
            leaderRole.releaseUncommitted(entries);
            applied(entries.getLast().index(), Entries.encodedSize(entries));
        }
    }

    private void applied(long index, long bytes) {
        log.appliedTo(Math.max(index, log.applied()), bytes);
        if (role == Role.LEADER) {
            leaderRole.leaveJointIfDue();
        }
    }

    // ---- output

    /** A message to a peer, stamped with the present term; a vote message sets its own. */
    Message.MessageBuilder message(MessageType type, long to) {
        return Message.builder().type(type).from(id()).to(to).term(term);
    }

    Message compose(MessageType type, long to) {
        return message(type, to).build();
    }

    void send(Message message) {
        outbox.send(message);
    }

    Outbox outbox() {
        return outbox;
    }

    void answerRead(long index, byte[] context) {
        readStates.add(new ReadState(index, context));
    }

    boolean hasReadStates() {
        return !readStates.isEmpty();
    }

    List<ReadState> takeReadStates() {
        List<ReadState> taken = List.copyOf(readStates);
        readStates.clear();
        return taken;
    }

    // ---- transitions

    void becomeFollower(long newTerm, long newLeader) {
        reset(newTerm);
        leader = newLeader;
        role = Role.FOLLOWER;
        logger().info(() -> hexId() + " became follower at term " + term);
    }

    /** Starts a new term, votes for itself; the vote is durable before anybody hears of it, see {@link Outbox}. */
    void becomeCandidate() {
        Fault.check(role != Role.LEADER, "leader %x cannot become candidate", id());
        reset(term + 1);
        vote = id();
        role = Role.CANDIDATE;
        logger().info(() -> hexId() + " became candidate at term " + term);
    }

    /** A trial changes neither term nor vote, so nothing needs to be durable (thesis, section 9.6). */
    void becomePreCandidate() {
        Fault.check(role != Role.LEADER, "leader %x cannot become pre-candidate", id());
        tracker.clearBallots();
        leader = 0;
        role = Role.PRE_CANDIDATE;
        logger().info(() -> hexId() + " became pre-candidate at term " + term);
    }

    void becomeLeader() {
        Fault.check(role == Role.CANDIDATE, "%x cannot become leader as %s", id(), role);
        reset(term);
        leader = id();
        role = Role.LEADER;
        leaderRole.start();
        logger().info(() -> hexId() + " became leader at term " + term);
    }

    private void reset(long newTerm) {
        if (term != newTerm) {
            term = newTerm;
            vote = 0;
        }
        leader = 0;
        electionElapsed = 0;
        heartbeatElapsed = 0;
        // Spread over [e, 2e) so that seldom two members campaign at once (thesis, section 3.4).
        randomizedElectionTimeout = config.electionTicks() + config.random().applyAsInt(config.electionTicks());
        leaderRole.reset();
        tracker.clearBallots();
        tracker.reset(id(), log.lastIndex());
    }

    /** Records the vote of this term; it is durable before the answer leaves, see {@link Outbox}. */
    void voteFor(long candidate) {
        electionElapsed = 0;
        vote = candidate;
    }

    /** A message of this term's leader arrived. */
    void followLeader(long newLeader) {
        electionElapsed = 0;
        leader = newLeader;
    }

    /** Lets votes be given although the leader may still be there; the lease with it ends. */
    void forgetLeader() {
        leader = 0;
    }

    void restartElectionClock() {
        electionElapsed = 0;
    }

    /** For replaying recorded runs. */
    void setRandomizedElectionTimeout(int ticks) {
        randomizedElectionTimeout = ticks;
    }

    // ---- state

    long id() {
        return config.id();
    }

    String hexId() {
        return hex(config.id());
    }

    static String hex(long id) {
        return Long.toHexString(id);
    }

    RaftConfig config() {
        return config;
    }

    RaftLogger logger() {
        return config.logger();
    }

    RaftLog log() {
        return log;
    }

    ProgressTracker tracker() {
        return tracker;
    }

    Membership membership() {
        return membership;
    }

    long term() {
        return term;
    }

    long vote() {
        return vote;
    }

    Role role() {
        return role;
    }

    long leader() {
        return leader;
    }

    int electionElapsed() {
        return electionElapsed;
    }

    LeaderRole leaderRole() {
        return leaderRole;
    }

    boolean isLeaseBased() {
        return config.readOnlyOption() == ReadOnlyOption.LEASE_BASED;
    }

    /** Whether this member may campaign: a voter that does not wait for a snapshot to be installed. */
    boolean isPromotable() {
        Progress own = self();
        return own != null && !own.isLearner() && !log.hasUnstableSnapshot();
    }

    /** The own progress; null if this member is not in the configuration. */
    @Nullable
    Progress self() {
        return tracker.get(id());
    }

    HardState hardState() {
        return new HardState(term, vote, log.committed());
    }

    SoftState softState() {
        return new SoftState(leader, role);
    }
}
