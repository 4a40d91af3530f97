package io.quorate.sim.member;

import io.quorate.base.Agent;
import io.quorate.base.Fault;
import io.quorate.base.MonotonicClock;
import io.quorate.node.wal.MemoryDisk;
import io.quorate.node.wal.Power;
import io.quorate.node.wal.WalCorruptException;
import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import io.quorate.server.Snapshots;
import io.quorate.sim.world.Network;
import io.quorate.sim.world.SimulatedProcess;
import io.quorate.sim.world.Timeline;
import io.quorate.sim.world.Trace;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A member's process on the timeline: each agent works, rests for as long as it says or chance has it, works again. */
final class SimulatedMember {

    private static final String BROKEN_DISK = "the simulated disk broke";
    private static final String FULL_DISK = "No space left on device";
    private static final long WORK_MICROS = 150;
    private static final long REST_MICROS_MAX = 3_000;
    private static final long WRITER_MICROS = 1_000;
    private static final long FAREWELL_MICROS = 1_000_000;
    private static final long GREETING_MICROS = 500_000;

    /** At every so many starts, a thread begins to work later than the others. */
    private static final int LATE_STARTS = 3;

    private static final long LATE_MICROS_MAX = 2_000_000;

    private final long id;
    private final List<Long> founders;
    private final World world;
    private final CrashingDisk disk;
    private final SimulatedProcess process;
    private final Clock clock;
    private final WatchingClient watching;
    private @Nullable MemberParts parts;
    private Shipping shipping;
    private int incarnation;
    private boolean leaving;
    private boolean gone;
    private String stalledAgent = "";
    private long stalledUntilMicros;
    private @Nullable Runnable repair;

    /** What all members share. */
    record World(
            Timeline timeline,
            RandomGenerator random,
            Trace trace,
            Network network,
            ClusterChecks checks,
            Map<Long, String> watched,
            Cluster cluster,
            Snapshots.Intervals intervals,
            long catchUpBytes,
            Mishaps mishaps) {}

    /** A clock that may go wrong by a factor, but never back. */
    private final class Clock implements MonotonicClock {

        private long sinceMicros;
        private long sinceNanos;
        private int percent = 100;

        @Override
        public long nanos() {
            return sinceNanos + (world.timeline().nowMicros() - sinceMicros) * 10L * percent;
        }

        void run(int newPercent) {
            sinceNanos = nanos();
            sinceMicros = world.timeline().nowMicros();
            percent = newPercent;
        }
    }

    /**
     * @param founders the members of the new cluster; none if this one joins
     */
    SimulatedMember(long id, List<Long> founders, Path directory, World world) {
        this.id = id;
        this.founders = founders;
        this.world = world;
        this.disk = new CrashingDisk(directory.resolve(Long.toHexString(id)));
        this.process = new SimulatedProcess(world.timeline());
        this.clock = new Clock();
        this.watching = new WatchingClient(world, id);
        this.shipping = new Shipping(world.network(), world.mishaps());
        start();
    }

    long id() {
        return id;
    }

    /** What runs in the process; null while it is down. */
    @Nullable
    MemberParts parts() {
        return parts;
    }

    /** Whether it was added, other than the founders. */
    boolean hasJoined() {
        return founders.isEmpty();
    }

    /** Whether it has left the cluster for good. */
    boolean isGone() {
        return gone;
    }

    Shipping shipping() {
        return shipping;
    }

    WatchingClient watching() {
        return watching;
    }

    SimulatedProcess process() {
        return process;
    }

    /**
     * One of its threads stands still for a while, as when a disk is slow to take what it writes, and the others go on. What
     * they send to each other then arrives in other orders.
     */
    void stall(long micros) {
        if (parts != null) {
            List<Agent> agents = parts.agents;
            stalledAgent = agents.get(world.random().nextInt(agents.size())).name();
            stalledUntilMicros = world.timeline().nowMicros() + micros;
        }
    }

    void runClock(int percent) {
        clock.run(percent);
    }

    void start() {
        if (parts != null || gone) {
            return;
        }
        process.start();
        leaving = false;
        shipping = new Shipping(world.network(), world.mishaps());
        incarnation++;
        MemberParts started;
        try {
            started = opened();
        } catch (Power.Cut cut) {
            world.trace().note("%d: loses power while it starts", id);
            process.kill();
            disk.crash(world.random());
            return;
        }
        parts = started;
        world.checks().started(id);
        world.trace().note("%d: starts", id);
        if (started.isRemoved()) {
            leave();
            return;
        }
        started.state.membership().onChange(this::leaveIfRemoved);
        if (world.random().nextInt(LATE_STARTS) == 0) {
            stall(world.random().nextLong(LATE_MICROS_MAX));
        }
        started.agents.forEach(agent -> process.after(world.random().nextLong(WORK_MICROS), () -> work(agent)));
        process.after(GREETING_MICROS, this::greet);
        watching.connect(started.state.watches(), process);
    }

    /** A member on a damaged disk may refuse to start, or go on with all that it had; it is repaired if it refuses. */
    private MemberParts opened() {
        Runnable mending = repair;
        repair = null;
        try {
            return new MemberParts(disk, surroundings());
        } catch (WalCorruptException | Fault refusal) {
            if (mending == null) {
                throw refusal;
            }
            world.trace().note("%d: refuses to start, %s", id, refusal.getMessage());
            mending.run();
            return new MemberParts(disk, surroundings());
        }
    }

    private MemberParts.Surroundings surroundings() {
        return new MemberParts.Surroundings(
                id,
                founders,
                incarnation,
                world.intervals(),
                world.catchUpBytes(),
                clock,
                world.random(),
                world.checks(),
                this::revoking,
                new MemberParts.Neighbours(this::send, shipping, this::activeSince, this::isDialledBy),
                this::exit);
    }

    /** It decided to; a pause that begins now is not seen by the one who decides. */
    private void revoking(long term, List<Long> leases) {
        world.checks().decided(term, leases);
        long delay = world.mishaps().revocationDelayMicros();
        if (delay > 0) {
            world.trace().note("%d: its node stands still behind a decision to revoke", id);
            stalledAgent = "raft-node";
            stalledUntilMicros = world.timeline().nowMicros() + delay;
        }
    }

    /** Somebody reads here, of whom no history is kept. */
    void read() {
        MemberParts running = parts;
        if (running != null && running.servesClients()) {
            CompletableFuture<?> unused = world.checks().read(running);
        }
    }

    private void send(List<Message> messages) {
        for (Message message : messages) {
            world.checks().sending(id, message, disk::durableLog);
            world.network().send(message);
        }
    }

    /** As if a connection were as old as the process at its other end. */
    private long activeSince(long other) {
        return world.cluster().member(other).map(SimulatedMember::parts).isPresent() ? 1 : 0;
    }

    /**
     * As a member dials again that has lost a connection: whoever has removed it closes those it has. A beat is a message that
     * never travels otherwise.
     */
    private void greet() {
        MemberParts running = parts;
        if (running == null) {
            return;
        }
        for (long other : world.cluster().ids()) {
            if (other != id && running.isPeer(other)) {
                world.network()
                        .send(Message.builder()
                                .type(MessageType.BEAT)
                                .from(id)
                                .to(other)
                                .build());
            }
        }
        process.after(GREETING_MICROS, this::greet);
    }

    /** A member that was added while this one was away is known to it only by its connection. */
    private boolean isDialledBy(long other) {
        return world.cluster().member(other).map(SimulatedMember::parts).stream()
                .anyMatch(running -> running.isPeer(id));
    }

    private void leaveIfRemoved() {
        if (parts != null && parts.isRemoved()) {
            depart();
        }
    }

    /** It was removed: a moment later it ends. */
    void depart() {
        if (!leaving && parts != null) {
            leaving = true;
            process.after(FAREWELL_MICROS, this::leave);
        }
    }

    private void leave() {
        world.trace().note("%d: leaves", id);
        gone = true;
        crash();
    }

    private void work(Agent agent) {
        MemberParts running = parts;
        if (running == null) {
            return;
        }
        long stall = stalledUntilMicros - world.timeline().nowMicros();
        if (stall > 0 && agent.name().equals(stalledAgent)) {
            process.after(stall, () -> work(agent));
            return;
        }
        long restNanos;
        try {
            restNanos = agent.doWork();
        } catch (RuntimeException fault) {
            exit(fault);
            return;
        } catch (Power.Cut cut) {
            crash();
            return;
        }
        world.checks().stepped(running.node.status());
        long restMicros = restNanos == 0 ? 0 : Math.min(REST_MICROS_MAX, restNanos / 1_000);
        boolean writes = agent.name().equals("wal-writer");
        long work = world.random().nextLong(writes ? WRITER_MICROS : WORK_MICROS);
        process.after(restMicros + work, () -> work(agent));
    }

    /** The member ends itself. That is right if its disk broke, and never otherwise. */
    private void exit(Throwable cause) {
        for (Throwable reason = cause; reason != null; reason = reason.getCause()) {
            String message = String.valueOf(reason.getMessage());
            if (reason instanceof Power.Cut) {
                crash();
                return;
            }
            if (message.contains(BROKEN_DISK) || message.contains(FULL_DISK)) {
                world.trace().note("%d: ends itself, %s", id, cause.getMessage());
                crash();
                return;
            }
        }
        throw new AssertionError("member " + id + " ended itself: " + cause, cause);
    }

    void crash() {
        MemberParts running = parts;
        if (running == null) {
            return;
        }
        world.trace().note("%d: crashes", id);
        parts = null;
        process.kill();
        watching.disconnect();
        running.die();
        disk.crash(world.random());
    }

    /** It loses power in the middle of a step, so many operations later. */
    void cutPowerAfter(int operations) {
        if (parts != null) {
            disk.power().cutAfter(operations);
        }
    }

    /** It loses power when its database is about to be flushed. */
    void cutPowerAtFlush() {
        if (parts != null) {
            disk.power().cutAtFlush();
        }
    }

    /** Its disk has room for so much more, until it starts again. */
    void leaveRoom(long bytes) {
        disk.files().leave(bytes);
    }

    /** It loses power, and one bit of its log or of a snapshot's record is another one afterwards. */
    void damage() {
        crash();
        repair = disk.damage(world.random());
    }

    /** The next writes or syncs of the log fail; then the member must end itself. */
    void breakDisk(MemoryDisk.Operation operation) {
        disk.files().failAfter(operation, world.random().nextInt(3), BROKEN_DISK);
    }

    void receive(Message message) {
        MemberParts running = parts;
        if (running != null) {
            process.after(0, () -> running.node.receive(message));
        }
    }

    void unreachable(long peer) {
        MemberParts running = parts;
        if (running != null) {
            var unused = running.node.call(core -> {
                core.reportUnreachable(peer);
                return true;
            });
        }
    }

    void close() {
        MemberParts running = parts;
        if (running != null) {
            parts = null;
            process.kill();
            running.die();
        }
    }
}
