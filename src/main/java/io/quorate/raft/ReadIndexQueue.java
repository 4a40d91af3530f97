package io.quorate.raft;

import io.quorate.raft.readonly.PendingReads;
import io.quorate.raft.readonly.PendingReads.ReadRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * Answers reads on a leader (thesis, section 6.4): the committed index of now is a safe place to read at, once it is
 * certain that no other leader has committed more. Nothing is written for it.
 *
 * <p>One thread at a time: the owner of the {@link RawNode}.
 */
final class ReadIndexQueue {

    private final Raft raft;
    private final Replicator replicator;
    private final PendingReads pending;

    /**
     * Reads that arrived before this leader committed an entry of its own term; answered once it has. Empty
     * from then on, until the term ends.
     */
    private final List<Message> early = new ArrayList<>();

    /**
     * Whether reads may rely on the lease. True when a term begins; false for the rest of the term once a
     * leadership transfer began, because its target campaigns without regard to the lease.
     */
    private boolean leaseValid = true;

    ReadIndexQueue(Raft raft, Replicator replicator) {
        this.raft = raft;
        this.replicator = replicator;
        this.pending = new PendingReads(raft.config().maxPendingReads());
    }

    /** Drops all reads at the end of a role; readers retry, since answers may get lost anyway. */
    void reset() {
        pending.clear();
        early.clear();
        leaseValid = true;
    }

    /**
     * A peer was asked to take over, and its campaign is exempt from the lease. The request may be on its way for any
     * time, so for the rest of the term reads are confirmed by the quorum instead.
     */
    void endLease() {
        leaseValid = false;
    }

    /** Takes up a read. */
    void request(Message message) {
        byte[] context = message.context();
        if (context == null || context.length == 0) {
            raft.logger()
                    .warn(() ->
                            raft.hexId() + " ignored a read request without context from " + Raft.hex(message.from()));
        } else if (!hasCommittedInTerm()) {
            // Until an entry of its own term is committed, a leader does not know how far its predecessors got.
            if (early.size() < raft.config().maxPendingReads()) {
                early.add(message);
            }
        } else {
            serve(message.from(), context);
        }
    }

    private boolean hasCommittedInTerm() {
        return raft.log().matchesTerm(raft.log().committed(), raft.term());
    }

    private void serve(long from, byte[] context) {
        ReadRequest read = new ReadRequest(from, raft.log().committed(), context);
        boolean leased = raft.isLeaseBased() && leaseValid;
        if (leased || raft.tracker().configuration().voters().isOnly(raft.id())) {
            answer(read);
        } else if (pending.add(read)) {
            pending.acknowledge(context, raft.id(), raft.tracker()::isQuorum);
            replicator.broadcastHeartbeat(context);
        }
    }

    private void answer(ReadRequest read) {
        if (read.from() == 0 || read.from() == raft.id()) {
            raft.answerRead(read.index(), read.context());
        } else {
            raft.send(raft.message(MessageType.READ_INDEX_RESP, read.from())
                    .index(read.index())
                    .context(read.context())
                    .build());
        }
    }

    private void answerAll(List<ReadRequest> reads) {
        for (ReadRequest read : reads) {
            answer(read);
        }
    }

    /** A member answered a heartbeat, and by it, if tagged, that this leader still led when it was sent. */
    void heartbeatAnswered(Message message) {
        byte[] context = message.context();
        if (context != null && context.length > 0) {
            answerAll(pending.acknowledge(context, message.from(), raft.tracker()::isQuorum));
        }
    }

    /** The committed index moved: reads that came before the first commit of the term can be served. */
    void committed() {
        if (early.isEmpty() || !hasCommittedInTerm()) {
            return;
        }
        List<Message> messages = List.copyOf(early);
        early.clear();
        for (Message message : messages) {
            request(message);
        }
    }

    /** The voters changed: answers that came already may be enough now, and a sole voter gets none any more. */
    void votersChanged() {
        if (raft.tracker().configuration().voters().isOnly(raft.id())) {
            answerAll(pending.takeConfirmed(ignored -> true));
        } else {
            answerAll(pending.takeConfirmed(raft.tracker()::isQuorum));
        }
    }

    /** Tells all peers that this leader is alive, and repeats the newest round in case it got lost. */
    void heartbeat() {
        replicator.broadcastHeartbeat(pending.newestContext());
    }
}
