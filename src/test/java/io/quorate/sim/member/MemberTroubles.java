package io.quorate.sim.member;

import io.quorate.node.wal.MemoryDisk;
import io.quorate.sim.world.Network;
import io.quorate.sim.world.Storm;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** What befalls a cluster of whole members. */
final class MemberTroubles {

    private enum Kind {
        CRASH((troubles, member) -> member.crash()),
        BLINK((troubles, member) -> troubles.blink(member)),
        BLACKOUT((troubles, member) -> troubles.all().forEach(troubles::blink)),
        RESTART((troubles, member) -> troubles.all().forEach(SimulatedMember::start)),
        STOP((troubles, member) ->
                member.process().stopFor(troubles.world.random().nextLong(4_000_000))),
        STALL((troubles, member) -> member.stall(troubles.world.random().nextLong(2_000_000))),
        CLOCK((troubles, member) -> member.runClock(70 + troubles.world.random().nextInt(60))),
        SYNC_FAILS((troubles, member) -> member.breakDisk(MemoryDisk.Operation.SYNC)),
        WRITE_FAILS((troubles, member) -> member.breakDisk(MemoryDisk.Operation.WRITE)),
        DISK_FULL((troubles, member) -> member.leaveRoom(troubles.world.random().nextLong(MemberParts.SEGMENT_BYTES))),
        BIT_FLIPPED((troubles, member) -> member.damage()),
        ISOLATION((troubles, member) -> troubles.isolate(member)),
        DEAFNESS((troubles, member) ->
                troubles.ids().forEach(other -> troubles.network().cut(other, member.id()))),
        MUTENESS((troubles, member) ->
                troubles.ids().forEach(other -> troubles.network().cut(member.id(), other))),
        SLOWNESS((troubles, member) ->
                troubles.ids().forEach(other -> troubles.network().slowDown(member.id(), other))),
        HEALING((troubles, member) -> troubles.network().heal()),
        WEATHER((troubles, member) -> troubles.network().setWeather(Network.Weather.random(troubles.world.random()))),
        /** The database runs ahead of what the log is replayed from after a crash. */
        FLUSH((troubles, member) -> with(member, parts -> parts.state.database().flush())),
        TRANSFER((troubles, member) ->
                with(member, parts -> transfer(parts, troubles.any().id()))),
        MOVE_LEADER((troubles, member) -> troubles.operator.moveLeader(member.id())),
        ADD_VOTER((troubles, member) -> with(member, parts -> troubles.operator.add(parts, false))),
        ADD_LEARNER((troubles, member) -> with(member, parts -> troubles.operator.add(parts, true))),
        PROMOTION((troubles, member) -> troubles.operator.promote()),
        REMOVAL((troubles, member) -> with(
                member, parts -> troubles.operator.remove(parts, troubles.any().id()))),
        REMOVAL_OF_THE_LEADER((troubles, member) -> with(
                member,
                parts -> troubles.operator.remove(parts, parts.node.status().leader())));

        private final BiConsumer<MemberTroubles, SimulatedMember> action;

        Kind(BiConsumer<MemberTroubles, SimulatedMember> action) {
            this.action = action;
        }
    }

    private final SimulatedMember.World world;
    private final Operator operator;
    private final Storm<Kind> storm;

    MemberTroubles(SimulatedMember.World world, Operator operator) {
        this.world = world;
        this.operator = operator;
        this.storm = new Storm<>(world.timeline(), world.random(), world.trace(), world.network(), Kind.class);
    }

    void begin() {
        storm.begin(this::strike);
    }

    void end() {
        storm.end();
    }

    List<String> seen() {
        return storm.seen();
    }

    private void strike(Kind kind) {
        operator.startNewcomers();
        SimulatedMember member = any();
        if (member.parts() == null) {
            member.start();
        } else {
            storm.note(kind, member.id());
            kind.action.accept(this, member);
        }
    }

    private Network network() {
        return world.network();
    }

    private List<SimulatedMember> all() {
        return world.cluster().all();
    }

    private SimulatedMember any() {
        return all().get(world.random().nextInt(all().size()));
    }

    private List<Long> ids() {
        return world.cluster().ids();
    }

    private void isolate(SimulatedMember member) {
        network()
                .split(
                        List.of(member.id()),
                        ids().stream().filter(id -> id != member.id()).toList());
    }

    private void blink(SimulatedMember member) {
        member.crash();
        world.timeline().after(world.random().nextLong(300_000), () -> {
            if (!storm.isOver()) {
                member.start();
            }
        });
    }

    /** What a member does that may go down on the way. */
    private static void with(SimulatedMember member, Consumer<MemberParts> action) {
        MemberParts parts = member.parts();
        if (parts != null) {
            action.accept(parts);
        }
    }

    /** A transfer that the core is told of by itself, to anybody. */
    private static void transfer(MemberParts parts, long to) {
        CompletableFuture<?> unused = parts.node.call(core -> {
            core.transferLeadership(to);
            return to;
        });
    }
}
