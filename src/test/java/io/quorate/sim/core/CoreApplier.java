package io.quorate.sim.core;

import io.quorate.raft.ConfState;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.Message;
import io.quorate.raft.Snapshot;
import io.quorate.raft.confchange.ConfChange;
import io.quorate.raft.confchange.ConfChange.MemberChange;
import io.quorate.raft.confchange.ConfChangeCodec;
import io.quorate.raft.confchange.ConfChanger;
import io.quorate.raft.confchange.ConfChanger.InvalidConfChangeException;
import io.quorate.raft.tracker.Configuration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The apply thread and its state machine: packets one after the other, each its snapshot first. A snapshot is installed
 * only when the log has it.
 */
final class CoreApplier {

    private static final long PAGE_MICROS = 500;

    private final CoreMember member;
    private final StateMachine machine;
    private final CoreWorld world;
    private final Plant plant;
    private final Deque<Packet> packets = new ArrayDeque<>();
    private boolean busy;

    /** What one Ready has to apply. */
    static final class Packet {

        private final @Nullable Snapshot snapshot;
        private final List<Entry> entries;
        private @Nullable Message confirmation;
        private boolean writing;

        Packet(@Nullable Snapshot snapshot, List<Entry> entries) {
            this.snapshot = snapshot;
            this.entries = entries;
        }

        void setConfirmation(Message apply) {
            confirmation = apply;
        }

        void awaitWrite() {
            writing = true;
        }

        void written() {
            writing = false;
        }

        private boolean isEmpty() {
            return snapshot == null && confirmation == null;
        }

        private boolean isBlocked() {
            return snapshot != null && writing;
        }
    }

    CoreApplier(CoreMember member, StateMachine machine, CoreWorld world, Plant plant) {
        this.member = member;
        this.machine = machine;
        this.world = world;
        this.plant = plant;
    }

    StateMachine.State state() {
        return machine.state();
    }

    /** The state of now, for a member that lags behind. */
    Snapshot snapshot() {
        StateMachine.State state = machine.state();
        return state.index() == 0 ? Snapshot.EMPTY : plant.taken(world.archive().put(state));
    }

    void submit(Packet packet) {
        if (!packet.isEmpty()) {
            packets.add(packet);
            proceed();
        }
    }

    void proceed() {
        Packet next = packets.peek();
        if (!busy && next != null && !next.isBlocked()) {
            busy = true;
            member.process().after(world.random().nextLong(PAGE_MICROS), this::applyNext);
        }
    }

    private void applyNext() {
        Packet packet = packets.remove();
        applyInPlace(packet.snapshot, packet.entries, member::confChangeApplied);
        Message confirmation = packet.confirmation;
        if (confirmation != null) {
            member.post(() -> confirmation.responses().forEach(member::respond));
        }
        busy = false;
        proceed();
    }

    /** Who has to know of an applied membership change before the page is confirmed. */
    interface ConfChangeListener {

        void applied(long index, ConfChange change);
    }

    void applyInPlace(@Nullable Snapshot snapshot, List<Entry> entries, ConfChangeListener listener) {
        if (snapshot != null) {
            long previous = machine.state().index();
            machine.replace(world.archive().get(snapshot));
            world.check(invariant -> invariant.installed(member, previous, snapshot.index()));
        }
        for (Entry entry : entries) {
            if (!plant.skips(entry.index())) {
                apply(entry, listener);
            }
            if (plant.appliesAgain(entry.index()) && entry.type() == EntryType.NORMAL) {
                apply(entry, listener);
            }
        }
        member.stateChanged();
        if (machine.state().index() - member.durable().snapshot().index() > world.entriesPerSnapshot()) {
            member.takeSnapshot();
        }
    }

    private void apply(Entry entry, ConfChangeListener listener) {
        long previous = machine.state().index();
        if (entry.type() != EntryType.NORMAL) {
            reconfigure(entry, listener);
        } else if (entry.data().length == 0) {
            machine.pass(entry, machine.state().confState());
        } else {
            Proposed proposed = world.register().decode(entry.data());
            member.applied(proposed, machine.apply(entry, proposed));
        }
        world.check(invariant -> invariant.applied(member, previous, entry));
    }

    private void reconfigure(Entry entry, ConfChangeListener listener) {
        ConfState before = machine.state().confState();
        ConfChange change = possible(before, ConfChangeCodec.decode(entry));
        ConfState after = ConfChanger.apply(Configuration.of(before), change)
                .configuration()
                .toConfState();
        machine.pass(entry, after);
        world.trace().note("%d: at %d %s -> %s", member.id(), entry.index(), change, after);
        world.check(invariant -> invariant.reconfigured(member, entry.index(), before, after));
        listener.applied(entry.index(), change);
    }

    /** An application must not let through what would leave no voter; cancelled, a change has the member 0. */
    private static ConfChange possible(ConfState before, ConfChange change) {
        try {
            ConfChanger.apply(Configuration.of(before), change);
            return change;
        } catch (InvalidConfChangeException _) {
            List<MemberChange> cancelled = change.changes().stream()
                    .map(step -> new MemberChange(step.type(), 0))
                    .toList();
            return ConfChange.of(change.transition(), cancelled);
        }
    }

    /** Replaces the state without looking. */
    void overwrite(Snapshot snapshot) {
        long previous = machine.state().index();
        StateMachine.State older = world.archive().get(snapshot);
        machine.replace(older);
        Consumer<Invariant> installed = invariant -> invariant.installed(member, previous, snapshot.index());
        world.check(installed);
    }
}
