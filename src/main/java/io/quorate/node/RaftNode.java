package io.quorate.node;

import io.quorate.base.Agent;
import io.quorate.base.AgentThread;
import io.quorate.base.Fault;
import io.quorate.base.MonotonicClock;
import io.quorate.base.Waker;
import io.quorate.node.transport.PeerInbox;
import io.quorate.node.transport.Transport;
import io.quorate.raft.ConfState;
import io.quorate.raft.Entry;
import io.quorate.raft.HardState;
import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import io.quorate.raft.RaftException;
import io.quorate.raft.RaftException.ProposalDroppedException;
import io.quorate.raft.RawNode;
import io.quorate.raft.Ready;
import io.quorate.raft.Ready.SoftState;
import io.quorate.raft.Role;
import io.quorate.raft.Snapshot;
import io.quorate.raft.Status;
import io.quorate.raft.confchange.ConfChange;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import lombok.extern.slf4j.Slf4j;
import org.jctools.queues.MpscArrayQueue;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Drives the Raft core on the {@code raft-node} thread: takes what arrived, lets the core decide, hands its work on.
 *
 * <p>Each round drains the inbox, so that all proposals that waited become one batch, one log write and one fsync. The
 * core works with asynchronous storage writes: entries go to the {@link LogWriter}, and only its answer, after the fsync,
 * lets the core count them. Messages to other members leave before that, which the thesis allows a leader (10.2.1); what
 * must wait for the disk (votes, acknowledgements) the core itself attaches to the write.
 *
 * <p>A follower, and a member that is alone, writes on its own thread if nothing else waits and the disk is quick: two threads that wake
 * each other cost as much as the write. A leader never does: its heartbeats must not wait for its disk.
 */
@Slf4j
public final class RaftNode implements Agent, PeerInbox {

    private static final int EVENTS_PER_ROUND = 4096;
    private static final int ANSWERS_CHUNK = 256;

    /** A tick may be due at once, and another leader's heartbeat may be on its way. */
    private static final int TICKS_LEFT = 2;

    private final RawNode core;
    private final RaftStorage storage;
    private final LogWriter writer;
    private final Transport transport;

    @SuppressWarnings("NullAway.Init") // connected before the first round
    private RaftEvents events;

    private final MonotonicClock clock;
    private final NodeSettings settings;
    private final MpscArrayQueue<NodeEvent> inbox;
    private final MpscUnboundedArrayQueue<NodeEvent> answers = new MpscUnboundedArrayQueue<>(ANSWERS_CHUNK);
    private final ProposalBatch proposals = new ProposalBatch();
    private final PendingWrites writes;
    private final SubmittedWrites submitted;
    private final Waker waker = new Waker();
    private volatile Status status; // the core after the last round; written by raft-node, read by any thread
    private final TickClock ticks;
    private long committed; // the commit index that listeners were told last; never decreases
    private boolean heldBack; // proposals wait for a leader; see isHeldBack
    private volatile boolean held; // takes no part in consensus yet; release() resets it once
    private boolean campaignDue = true; // a cluster of one has still to elect itself
    private SoftState softState = new SoftState(0, Role.FOLLOWER); // leader and role that listeners were told last

    public RaftNode(
            RawNode core,
            RaftStorage storage,
            LogWriter writer,
            Transport transport,
            MonotonicClock clock,
            NodeSettings settings) {
        this.core = core;
        this.storage = storage;
        this.writer = writer;
        this.transport = transport;
        this.clock = clock;
        this.settings = settings;
        this.inbox = new MpscArrayQueue<>(settings.inboxSize());
        this.status = core.status();
        this.writes = new PendingWrites(settings.id(), storage.initialState().confState());
        this.submitted = new SubmittedWrites(writer, writes);
        this.held = settings.startsHeld();
        this.ticks = new TickClock(settings.tickNanos(), clock);
        writer.connect(this::durable);
    }

    /**
     * Sets the listener for the results of each round. The listener needs the node, so it is set after construction:
     * once, before the first round.
     */
    public void connect(RaftEvents listener) {
        Fault.check(events == null, "the node is connected already");
        events = listener;
    }

    @Override
    public String name() {
        return "raft-node";
    }

    /** Lets submissions wake the thread that runs this. */
    public void attach(AgentThread own) {
        waker.attach(own);
    }

    // ---- called by other threads

    /** Appends an entry. Answers false, without side effect, when the inbox is full. */
    public boolean propose(Proposal proposal) {
        boolean accepted = inbox.offer(new NodeEvent.Propose(proposal));
        if (!writes.absorb()) {
            waker.wake();
        }
        return accepted;
    }

    /** Appends a membership change; {@code dropped} runs if the core refuses it. False when the inbox is full. */
    public boolean proposeConfChange(ConfChange change, Runnable dropped) {
        return offer(new NodeEvent.ProposeConfChange(change, dropped));
    }

    /** Asks for the index that a linearizable read has to wait for. False when the inbox is full. */
    public boolean readIndex(byte[] context) {
        return offer(new NodeEvent.ReadIndex(context));
    }

    /**
     * Hands in a message of another member. False when the inbox is full, or while the node is held: the message is lost, as on a
     * network.
     */
    @Override
    public boolean receive(Message message) {
        return !held && offer(new NodeEvent.Receive(message));
    }

    @Override
    public void unreachable(long id) {
        answer(new NodeEvent.Call(() -> core.reportUnreachable(id)));
    }

    @Override
    public void snapshotSent(long id, boolean ok) {
        answer(new NodeEvent.Call(() -> core.reportSnapshot(id, ok)));
    }

    /**
     * Lets the first election come sooner, once enough members are there to hold it: moves the clock of a member that knows
     * no leader to shortly before the earliest end of the election timeout.
     */
    public void advanceElection(int electionTicks) {
        answer(new NodeEvent.Call(() -> {
            Status now = core.status();
            if (now.leader() == 0 && now.role() == Role.FOLLOWER) {
                for (int tick = 0; tick < electionTicks - TICKS_LEFT; tick++) {
                    core.tick();
                }
            }
        }));
    }

    /** A membership change took effect in the state machine; must precede {@link #applied} of its packet. */
    public void confChangeApplied(long index, ConfChange change, ConfState expected) {
        answer(new NodeEvent.ConfChangeApplied(index, change, expected));
    }

    /** A packet was applied. */
    public void applied(Message confirmation) {
        answer(new NodeEvent.Applied(confirmation));
    }

    /** Called by the log writer. */
    void durable(List<Message> written) {
        answer(new NodeEvent.Durable(written));
    }

    /**
     * The state machine up to the index is on disk: stores the snapshot's metadata and lets the log on disk shrink.
     * Nothing else waits for it. A log that does not say that the index is committed would not be believed.
     */
    public void snapshotOnDisk(long index, long term, ConfState confState) {
        answer(new NodeEvent.Call(() -> {
            submitted.submitKeptBack();
            writer.snapshotTaken(new Snapshot(index, term, confState, new byte[0]), settings.maxWals());
        }));
    }

    /** Lets the log in memory start from a snapshot at {@code index}, keeping some entries below it for slow followers. */
    public void snapshotInMemory(long index, ConfState confState, long catchUpEntries) {
        answer(new NodeEvent.SnapshotInMemory(index, confState, catchUpEntries));
    }

    /** Lets a node that started held take part in consensus: vote, acknowledge, campaign. Called once. */
    public void release() {
        answer(new NodeEvent.Call(() -> {
            ticks.restart();
            held = false;
        }));
    }

    /** Runs a task on this thread, for example a leadership transfer. */
    public <T> CompletableFuture<T> call(Function<RawNode, T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        answer(new NodeEvent.Call(() -> result.complete(task.apply(core))));
        return result;
    }

    /** What the core looked like after its last round. */
    public Status status() {
        return status;
    }

    /** Whether the last tick is so long ago that this member may be waking up from a pause. */
    public boolean isPaused() {
        return ticks.isPaused();
    }

    /**
     * How often this member stood still for more than three heartbeats; others may have elected a leader meanwhile. Ask after
     * {@link #isPaused}, so that a pause is seen by one or the other.
     */
    public long pauses() {
        return ticks.pauses();
    }

    /** How often this member, as leader, sent its heartbeats late by more than two of them. */
    public long lateHeartbeats() {
        return ticks.lateHeartbeats();
    }

    /** Events that wait for this thread. */
    public int pending() {
        return inbox.size() + answers.size();
    }

    private boolean offer(NodeEvent event) {
        boolean accepted = inbox.offer(event);
        waker.wake();
        return accepted;
    }

    /** Internal answers are never lost: their number is bounded by the work that this thread handed out. */
    private void answer(NodeEvent event) {
        answers.offer(event);
        waker.wake();
    }

    // ---- the loop

    @Override
    public long doWork() {
        if (held) {
            answers.drain(this::take); // one of them releases it
            return held ? UNTIL_WOKEN : 0;
        }
        if (ticks.takeDue(softState.role() == Role.LEADER && !writes.isAlone())) {
            core.tick();
            submitted.submitKeptBack();
        }
        boolean worked = drainInbox();
        while (core.hasReady()) {
            handle(core.ready());
            worked = true;
        }
        if (worked || campaignDue) {
            status = core.status();
            campaignIfAlone();
        }
        if (submitted.isDue()) {
            submitted.flush(mayWriteHere());
        }
        return inbox.isEmpty() && answers.isEmpty() ? ticks.rest() : 0;
    }

    private boolean mayWriteHere() {
        boolean mayWait = writes.isAlone() || softState.role() != Role.LEADER;
        return settings.writesItself() && mayWait && inbox.isEmpty() && answers.isEmpty();
    }

    /**
     * A cluster of one waits for no other member: once what its log holds is applied, it elects itself without waiting for
     * the election timeout. Only once; should that campaign be refused, the clock starts the next one.
     */
    private void campaignIfAlone() {
        if (campaignDue && writes.isAlone() && status.applied() == status.commit()) {
            campaignDue = false;
            core.campaign();
            waker.wake();
        }
    }

    private boolean drainInbox() {
        int drained = answers.drain(this::take);
        drained += inbox.drain(this::take, EVENTS_PER_ROUND);
        flushProposals();
        return drained > 0;
    }

    private void take(NodeEvent event) {
        if (event instanceof NodeEvent.Propose propose) {
            proposals.add(propose.proposal());
            return;
        }
        switch (event) {
            case NodeEvent.Propose _ -> throw new Fault("handled above");
            case NodeEvent.ReadIndex(byte[] context) -> {
                flushProposals();
                core.readIndex(context);
            }
            case NodeEvent.Durable(List<Message> written) -> {
                writes.reported(written.size());
                acknowledge(written);
            }
            case NodeEvent.Applied(Message confirmation) ->
                confirmation.responses().forEach(this::step);
            case NodeEvent.ConfChangeApplied(long index, ConfChange change, ConfState expected) ->
                confChange(index, change, expected);
            case NodeEvent.ProposeConfChange(ConfChange change, Runnable dropped) -> propose(change, dropped);
            case NodeEvent.Receive(Message message) -> step(message);
            case NodeEvent.SnapshotInMemory(long index, ConfState confState, long keep) -> {
                storage.snapshotTaken(index, confState);
                storage.compact(index, keep, settings.catchUpBytes());
            }
            case NodeEvent.Call(Runnable task) -> task.run();
        }
    }

    /** All proposals that waited become one message, and so one append and one acknowledgement. */
    private void flushProposals() {
        if (proposals.isEmpty() || isHeldBack()) {
            return;
        }
        if (proposals.hasLeaderTerms()) {
            Status now = core.status();
            proposals.keepOfTerm(now.role() == Role.LEADER ? now.term() : 0);
        }
        try {
            if (!proposals.isEmpty()) {
                core.propose(proposals.payloads());
            }
            proposals.clear();
        } catch (ProposalDroppedException e) {
            log.debug("dropped {} proposals: {}", proposals.size(), e.getMessage());
            proposals.drop(e.isTooMuch());
        }
    }

    /**
     * While no leader is known, proposals wait for one, as in etcd: an election is over sooner than a caller gives up. So they do
     * while it is known and cannot be reached, as in the first moments after a start. As many wait as the inbox holds; those
     * whose caller has given up are dropped.
     */
    private boolean isHeldBack() {
        long leader = core.leader();
        if (leader == settings.id() || leader != 0 && transport.reaches(leader)) {
            if (heldBack) {
                heldBack = false;
                proposals.keepAwaited(settings.inboxSize());
            }
            return proposals.isEmpty();
        }
        heldBack = true;
        if (proposals.size() > settings.inboxSize()) {
            proposals.keepAwaited(settings.inboxSize());
        }
        return true;
    }

    private void propose(ConfChange change, Runnable dropped) {
        flushProposals();
        try {
            core.proposeConfChange(change);
        } catch (ProposalDroppedException e) {
            log.debug("dropped a membership change: {}", e.getMessage());
            dropped.run();
        }
    }

    /** What the messages of one fsync promise to others leaves together. */
    private void acknowledge(List<Message> written) {
        List<Message> remote = new ArrayList<>();
        for (Message message : written) {
            acknowledge(message, remote);
        }
        if (!remote.isEmpty()) {
            transport.send(remote);
        }
    }

    /** The write is durable: it joins the stable log first, then the core may count it. */
    private void acknowledge(Message written, List<Message> remote) {
        HardState state = WritePromises.hardStateOf(written);
        if (state != null) {
            storage.setHardState(state);
        }
        if (written.snapshot() != null && !written.snapshot().isEmpty()) {
            storage.install(written.snapshot());
        }
        storage.append(written.entries());
        for (Message response : written.responses()) {
            if (response.to() == settings.id()) {
                step(response);
            } else {
                remote.add(response);
            }
        }
    }

    /** Messages of members that are gone, and this member's own late acknowledgements after its removal, mean nothing. */
    private void step(Message message) {
        try {
            core.step(message);
        } catch (RaftException e) {
            log.debug("dropped {} from {}: {}", message.type(), Long.toHexString(message.from()), e.getMessage());
        }
    }

    private void confChange(long index, ConfChange change, ConfState expected) {
        ConfState actual = core.applyConfChange(index, change);
        if (actual == null) {
            return; // a snapshot beyond the entry brought the configuration already
        }
        writes.changed(actual);
        Fault.check(actual.equals(expected), "the core is at %s, the state machine at %s", actual, expected);
    }

    private void handle(Ready ready) {
        if (ready.softState() != null) {
            softState = ready.softState();
            status = core.status();
            events.updateLeadership(softState, status.term());
        }
        if (!ready.readStates().isEmpty()) {
            events.readStates(ready.readStates());
        }
        dispatch(ready);
    }

    private void dispatch(Ready ready) {
        CompletableFuture<Void> persisted = CompletableFuture.completedFuture(null);
        List<Message> remote = List.of();
        Message append = null;
        Message apply = null;
        for (Message message : ready.messages()) {
            if (message.to() == Message.APPEND_THREAD) {
                append = message;
            } else if (message.to() == Message.APPLY_THREAD) {
                apply = message;
            } else if (message.type() == MessageType.SNAP) {
                events.sendSnapshot(message);
            } else {
                remote = remote.isEmpty() ? new ArrayList<>(ready.messages().size()) : remote;
                remote.add(message);
            }
        }
        if (!remote.isEmpty()) {
            transport.send(remote);
        }
        if (append != null) {
            persisted = submitted.add(append);
        }
        Snapshot snapshot = ready.snapshot();
        if (apply != null || snapshot != null) {
            apply(snapshot, apply, persisted);
        }
    }

    /** The thread of the log ends after this one, and writes what it finds. */
    @Override
    public void onStop() {
        submitted.submitKeptBack();
        if (submitted.isDue()) {
            submitted.flush(false);
        }
    }

    private void apply(@Nullable Snapshot snapshot, @Nullable Message apply, CompletableFuture<Void> persisted) {
        List<Entry> entries = apply == null ? List.of() : apply.entries();
        if (!entries.isEmpty()) {
            committed = entries.getLast().index();
        } else if (snapshot != null) {
            committed = snapshot.index();
        }
        events.updateCommittedIndex(committed);
        events.apply(new ApplyPacket(snapshot, entries, persisted, apply, clock.nanos()));
    }
}
