package io.quorate.raft;

import io.quorate.base.Fault;
import io.quorate.raft.RaftException.ProposalDroppedException;
import io.quorate.raft.RaftException.StepLocalMessageException;
import io.quorate.raft.RaftException.StepPeerNotFoundException;
import io.quorate.raft.Ready.ReadState;
import io.quorate.raft.Ready.SoftState;
import io.quorate.raft.confchange.ChangeType;
import io.quorate.raft.confchange.ConfChange;
import io.quorate.raft.confchange.ConfChangeCodec;
import io.quorate.raft.log.RaftLog;
import io.quorate.raft.tracker.Progress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The core of one member, to be driven by one thread: give it ticks, messages and proposals, and do what {@link #ready}
 * says, in this order: write snapshot, entries and hard state and make them durable, send the messages, apply the
 * committed entries (calling {@link #applyConfChange} for each membership change among them), call {@link #advance}.
 * The hard state must not survive a crash without the snapshot or the entries that its commit refers to.
 *
 * <p>With {@link RaftConfig#asyncStorageWrites} there is no {@link #advance}. The work is in messages to
 * {@link Message#APPEND_THREAD} and {@link Message#APPLY_THREAD}, each of which must do it in the order of arrival and
 * then deliver the responses, those to this member by {@link #step}. Everything else may be sent before.
 *
 * <p>A leader may send appends before it has written the entries itself; everything that promises something waits for
 * the write. Lists and messages that were handed out never change.
 */
public final class RawNode {

    private final Raft raft;
    private final ReadyBuilder readyBuilder;
    private final LogStorage storage;
    private boolean awaitsAdvance;

    /**
     * Starts from what storage has; without anything there, follow with {@link #bootstrap}, or wait for a leader to send
     * a snapshot.
     */
    public RawNode(RaftConfig config, LogStorage storage) {
        this.storage = storage;
        this.raft = new Raft(config, storage);
        this.readyBuilder = new ReadyBuilder(raft);
    }

    /**
     * Founds a cluster, on each of its members with the same list in the same order: a log of one membership change for
     * each of them, all committed, as if it came from a term 1 that all took part in. The configuration is active at
     * once; the changes are handed out to be applied nevertheless, so that the application sees them.
     *
     * @throws IllegalStateException if the log is not empty
     */
    public void bootstrap(List<Peer> peers) {
        if (peers.isEmpty()) {
            throw new IllegalArgumentException("'peers' must not be empty");
        }
        if (storage.lastIndex() != 0 || raft.log().lastIndex() != 0) {
            throw new IllegalStateException(
                    "cannot bootstrap a log that ends at " + raft.log().lastIndex());
        }
        raft.becomeFollower(1, 0);
        List<Entry> entries = new ArrayList<>(peers.size());
        for (Peer peer : peers) {
            ConfChange change = ConfChange.of(ChangeType.ADD_NODE, peer.id(), peer.context());
            byte[] data = ConfChangeCodec.encode(change, EntryType.CONF_CHANGE);
            entries.add(new Entry(1, entries.size() + 1L, EntryType.CONF_CHANGE, data));
        }
        raft.log().append(entries);
        raft.log().commitTo(entries.size());
        for (Peer peer : peers) {
            applyConfChange(ConfChange.of(ChangeType.ADD_NODE, peer.id()));
        }
        readyBuilder.forgetHardState();
    }

    /** One unit of time passed. */
    public void tick() {
        raft.tick();
    }

    /** Campaigns now, if this member may. */
    public void campaign() {
        raft.step(raft.local(MessageType.HUP));
    }

    /** Proposes one normal entry; the array must not be written to afterwards. */
    public void propose(byte[] data) {
        propose(List.of(data));
    }

    /**
     * Proposes normal entries, which get consecutive places in the log.
     *
     * @throws ProposalDroppedException if they are not taken up, all of them
     */
    public void propose(List<byte[]> data) {
        List<Entry> entries = new ArrayList<>(data.size());
        for (byte[] payload : data) {
            entries.add(new Entry(0, 0, EntryType.NORMAL, payload));
        }
        proposeEntries(entries);
    }

    /**
     * Proposes a membership change, in etcd's older form where that can hold it. Taken up is not yet accepted: a change
     * that is not allowed now enters the log as an empty normal entry.
     *
     * @throws ProposalDroppedException if it is not taken up
     */
    public void proposeConfChange(ConfChange change) {
        proposeConfChange(change, change.entryType());
    }

    /** The same in a given form. */
    public void proposeConfChange(ConfChange change, EntryType form) {
        proposeEntries(List.of(new Entry(0, 0, form, ConfChangeCodec.encode(change, form))));
    }

    private void proposeEntries(List<Entry> entries) {
        raft.step(Message.builder()
                .type(MessageType.PROP)
                .from(raft.id())
                .entries(entries)
                .build());
    }

    /**
     * Takes in a message from a peer, or a response from a storage thread.
     *
     * @throws StepLocalMessageException if only this member itself may create such a message
     * @throws StepPeerNotFoundException if it is an answer from a node that is not a member
     * @throws ProposalDroppedException if it is a proposal that is not taken up
     */
    public void step(Message message) {
        boolean fromStorage = message.from() == Message.APPEND_THREAD || message.from() == Message.APPLY_THREAD;
        if (!fromStorage) {
            if (message.type().isLocal()) {
                throw new StepLocalMessageException();
            }
            if (message.type().isResponse() && raft.tracker().get(message.from()) == null) {
                throw new StepPeerNotFoundException();
            }
        }
        raft.step(message);
    }

    /**
     * Asks for an index at which a read that was requested before this call is linearizable. The answer comes as a
     * {@link ReadState} with the same context, or never, when there is no leader or messages get lost; then ask again
     * with another context.
     *
     * @param context a tag, not empty, unique in the cluster among the requests under way
     */
    public void readIndex(byte[] context) {
        if (context.length == 0) {
            throw new IllegalArgumentException("'context' must not be empty");
        }
        raft.step(Message.builder()
                .type(MessageType.READ_INDEX)
                .from(raft.id())
                .context(context)
                .build());
    }

    /** Whether {@link #ready} has anything in it. */
    public boolean hasReady() {
        return readyBuilder.hasReady();
    }

    /** Takes what is to be done; it counts as taken up and is not handed out again. */
    public Ready ready() {
        Fault.check(!awaitsAdvance, "the previous Ready of %x was not followed by advance", raft.id());
        awaitsAdvance = !raft.config().asyncStorageWrites();
        return readyBuilder.take();
    }

    /** The work of the last {@link #ready} is done, including applying; only without asynchronous storage writes. */
    public void advance() {
        Fault.check(awaitsAdvance, "nothing to advance over on %x", raft.id());
        awaitsAdvance = false;
        for (Message message : readyBuilder.takeStepsOnAdvance()) {
            raft.step(message);
        }
    }

    /**
     * Activates a membership change, when its entry is applied and before that is confirmed. Every membership change must
     * come here; one that the application rejects comes with node id 0 instead.
     *
     * @return the new configuration, to be stored with the next snapshot
     */
    public ConfState applyConfChange(ConfChange change) {
        return raft.membership().apply(change);
    }

    /**
     * The same for an application that applies on a thread of its own: while it is at an entry, a snapshot beyond that
     * entry may replace the configuration. Then the change is part of it already and is passed over, and what the
     * application has applied is worth nothing any more: it must not persist it, and wait for the snapshot instead.
     *
     * @param index the entry that holds the change
     * @return the new configuration, or null if the change is passed over
     */
    public @Nullable ConfState applyConfChange(long index, ConfChange change) {
        return raft.membership().apply(index, change);
    }

    /** The last messages to a peer were probably lost. */
    public void reportUnreachable(long id) {
        raft.step(fromPeer(MessageType.UNREACHABLE, id).build());
    }

    /** Sending a snapshot to a peer has ended; without this call a failed one is never repeated. */
    public void reportSnapshot(long id, boolean ok) {
        raft.step(fromPeer(MessageType.SNAP_STATUS, id).reject(!ok).build());
    }

    /** Asks for leadership to go to a voter; what comes of it shows in the {@link SoftState}. */
    public void transferLeadership(long to) {
        raft.step(fromPeer(MessageType.TRANSFER_LEADER, to).build());
    }

    /** Lets this follower vote for others at once; for when the application knows that the leader is gone. */
    public void forgetLeader() {
        raft.step(raft.local(MessageType.FORGET_LEADER));
    }

    private static Message.MessageBuilder fromPeer(MessageType type, long id) {
        return Message.builder().type(type).from(id);
    }

    /** The leader, to which a proposal would go; 0 while none is known. */
    public long leader() {
        return raft.leader();
    }

    /** The state at this moment. */
    public Status status() {
        List<PeerStatus> progress = new ArrayList<>();
        if (raft.role() == Role.LEADER) {
            for (Progress member : raft.tracker().members()) {
                progress.add(PeerStatus.of(member));
            }
        }
        return new Status(
                raft.id(),
                raft.term(),
                raft.vote(),
                raft.log().committed(),
                raft.log().applied(),
                raft.log().lastIndex(),
                raft.role(),
                raft.leader(),
                raft.leaderRole().transferee(),
                raft.membership().confState(),
                List.copyOf(progress));
    }

    /** For the simulation, which compares logs. */
    RaftLog log() {
        return raft.log();
    }

    /** For replaying recorded runs, which set it. */
    void setRandomizedElectionTimeout(int ticks) {
        raft.setRandomizedElectionTimeout(ticks);
    }

    /** For replaying recorded runs, which print it. */
    List<Progress> progress() {
        return raft.role() == Role.LEADER ? raft.tracker().members() : List.of();
    }
}
