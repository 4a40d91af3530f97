package io.quorate.raft;

import io.quorate.raft.log.RaftLog;
import io.quorate.raft.quorum.IdSet;
import io.quorate.raft.quorum.MajorityConfig.VoteResult;
import io.quorate.raft.tracker.ProgressTracker;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Campaigns and votes (thesis, sections 3.4, 3.6.1, 4.2.3 and 9.6). */
final class Elections {

    /** Marks vote requests of a transfer; the bytes are those that etcd sends. */
    private static final byte[] TRANSFER_CONTEXT = "CampaignTransfer".getBytes(StandardCharsets.UTF_8);

    /** How much of the log is read at once when looking for membership changes. */
    private static final long SCAN_BYTES = 1 << 20;

    private final Raft raft;
    private final Replicator replicator;

    Elections(Raft raft, Replicator replicator) {
        this.raft = raft;
        this.replicator = replicator;
    }

    /** Campaigns, if this member may. */
    void hup(CampaignKind kind) {
        if (raft.role() == Role.LEADER) {
            raft.logger().debug(() -> raft.hexId() + " ignoring MsgHup because already leader");
        } else if (!raft.isPromotable()) {
            raft.logger().warn(() -> raft.hexId() + " is unpromotable and can not campaign");
        } else if (hasUnappliedConfChange()) {
            // The change may have made another member a voter; counting by the old configuration could elect two
            // leaders.
            raft.logger()
                    .warn(() -> raft.hexId() + " cannot campaign at term " + raft.term()
                            + " since there are still pending configuration changes to apply");
        } else {
            raft.logger().info(() -> raft.hexId() + " is starting a new election at term " + raft.term());
            campaign(kind);
        }
    }

    private boolean hasUnappliedConfChange() {
        RaftLog log = raft.log();
        long next = log.applied() + 1;
        // Below the snapshot that is being installed there is nothing to read, but then no member campaigns either.
        while (next <= log.committed()) {
            List<Entry> page = log.slice(next, log.committed() + 1, SCAN_BYTES);
            for (int i = 0; i < page.size(); i++) {
                if (page.get(i).type() != EntryType.NORMAL) {
                    return true;
                }
            }
            next += page.size();
        }
        return false;
    }

    /** Changes the role and asks every voter, itself by an answer that counts once its vote is durable. */
    void campaign(CampaignKind kind) {
        boolean trial = kind == CampaignKind.PRE_ELECTION;
        if (trial) {
            raft.becomePreCandidate();
        } else {
            raft.becomeCandidate();
        }
        // A trial names the term that the campaign would have, without entering it.
        long term = trial ? raft.term() + 1 : raft.term();
        MessageType type = trial ? MessageType.PRE_VOTE : MessageType.VOTE;
        IdSet voters = raft.tracker().configuration().voters().ids();
        for (int i = 0; i < voters.size(); i++) {
            long voter = voters.get(i);
            if (voter == raft.id()) {
                raft.send(raft.message(responseTo(type), voter).term(term).build());
            } else {
                requestVote(type, voter, term, kind);
            }
        }
    }

    private void requestVote(MessageType type, long voter, long term, CampaignKind kind) {
        RaftLog log = raft.log();
        raft.logger()
                .info(() -> ownLog() + "] sent " + type.label() + " request to " + Raft.hex(voter) + " at term "
                        + raft.term());
        raft.send(raft.message(type, voter)
                .term(term)
                .index(log.lastIndex())
                .logTerm(log.lastTerm())
                .context(kind == CampaignKind.TRANSFER ? TRANSFER_CONTEXT : null)
                .build());
    }

    private static MessageType responseTo(MessageType request) {
        return request == MessageType.VOTE ? MessageType.VOTE_RESP : MessageType.PRE_VOTE_RESP;
    }

    /**
     * Whether a leader was heard of so recently that a campaign can only disturb (thesis, section 4.2.3). Then not even
     * the term is taken over.
     */
    boolean isWithinLease(Message request) {
        return raft.config().checkQuorum()
                && raft.leader() != 0
                && raft.electionElapsed() < raft.config().electionTicks()
                && !Arrays.equals(request.context(), TRANSFER_CONTEXT);
    }

    void logIgnoredVoteRequest(Message request) {
        raft.logger()
                .info(() -> ownVote() + " ignored " + request.type().label() + from(request)
                        + ": lease is not expired (remaining ticks: "
                        + (raft.config().electionTicks() - raft.electionElapsed()) + ")");
    }

    /** Grants or refuses; the term of the request is at least ours. */
    void answerVoteRequest(Message request) {
        boolean free = raft.vote() == request.from()
                || (raft.vote() == 0 && raft.leader() == 0)
                || (request.type() == MessageType.PRE_VOTE && request.term() > raft.term());
        if (!free || !raft.log().isUpToDate(request.index(), request.logTerm())) {
            rejectVoteRequest(request);
            return;
        }
        // Whether we are a voter ourselves does not matter: our configuration may lag behind the candidate's, and
        // without our vote a configuration in which we are needed could never elect anybody.
        raft.logger().info(() -> ownVote() + " cast " + request.type().label() + forSender(request));
        // A trial is granted for its own term, which is ahead of ours, or the candidate would drop the answer.
        raft.send(raft.message(responseTo(request.type()), request.from())
                .term(request.term())
                .build());
        if (request.type() == MessageType.VOTE) {
            raft.voteFor(request.from());
        }
    }

    void rejectVoteRequest(Message request) {
        raft.logger().info(() -> ownVote() + " rejected " + request.type().label() + from(request));
        raft.send(raft.message(responseTo(request.type()), request.from())
                .reject(true)
                .build());
    }

    /** Counts an answer to the present campaign and draws the consequence. */
    void countAnswer(Message answer) {
        ProgressTracker tracker = raft.tracker();
        String type = answer.type().label();
        raft.logger()
                .info(() -> raft.hexId() + " received " + type + (answer.reject() ? " rejection" : "") + " from "
                        + Raft.hex(answer.from()) + " at term " + raft.term());
        tracker.recordBallot(answer.from(), !answer.reject());
        raft.logger()
                .info(() -> raft.hexId() + " has received " + tracker.countBallots(true) + " " + type + " votes and "
                        + tracker.countBallots(false) + " vote rejections");
        VoteResult result = tracker.voteResult();
        switch (result) {
            case WON -> win();
            case LOST -> raft.becomeFollower(raft.term(), 0);
            case PENDING -> {}
        }
    }

    private void win() {
        if (raft.role() == Role.PRE_CANDIDATE) {
            campaign(CampaignKind.ELECTION);
        } else {
            raft.becomeLeader();
            replicator.broadcast();
        }
    }

    private String ownLog() {
        return raft.hexId() + " [logterm: " + raft.log().lastTerm() + ", index: "
                + raft.log().lastIndex();
    }

    private String ownVote() {
        return ownLog() + ", vote: " + Raft.hex(raft.vote()) + "]";
    }

    private String from(Message request) {
        return " from " + sender(request);
    }

    private String forSender(Message request) {
        return " for " + sender(request);
    }

    private String sender(Message request) {
        return Raft.hex(request.from()) + " [logterm: " + request.logTerm() + ", index: " + request.index()
                + "] at term " + raft.term();
    }

    /** Why a member campaigns. */
    enum CampaignKind {
        /** To find out whether a campaign would succeed (thesis, section 9.6). */
        PRE_ELECTION,
        /** To be elected. */
        ELECTION,
        /** To be elected, on the leader's own wish, so that voters need not protect that leader (thesis, section 3.10). */
        TRANSFER
    }
}
