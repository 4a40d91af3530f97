package io.quorate.sim.member;

import io.quorate.node.wal.MemoryDisk;
import io.quorate.sim.world.Network;
import io.quorate.sim.world.Storm;
import java.util.List;
import java.util.function.BiConsumer;

/** What befalls a cluster of whole members. */
final class MemberTroubles {

    private enum Kind {
        CRASH((troubles, member) -> member.crash()),
        BLINK((troubles, member) -> troubles.blink(member)),
        BLACKOUT((troubles, member) -> troubles.members.forEach(troubles::blink)),
        RESTART((troubles, member) -> troubles.members.forEach(SimulatedMember::start)),
        STOP((troubles, member) ->
                member.process().stopFor(troubles.world.random().nextLong(4_000_000))),
        CLOCK((troubles, member) -> member.runClock(70 + troubles.world.random().nextInt(60))),
        SYNC_FAILS((troubles, member) -> member.breakDisk(MemoryDisk.Operation.SYNC)),
        WRITE_FAILS((troubles, member) -> member.breakDisk(MemoryDisk.Operation.WRITE)),
        ISOLATION((troubles, member) -> troubles.isolate(member)),
        DEAFNESS((troubles, member) ->
                troubles.ids().forEach(other -> troubles.network().cut(other, member.id()))),
        MUTENESS((troubles, member) ->
                troubles.ids().forEach(other -> troubles.network().cut(member.id(), other))),
        SLOWNESS((troubles, member) ->
                troubles.ids().forEach(other -> troubles.network().slowDown(member.id(), other))),
        HEALING((troubles, member) -> troubles.network().heal()),
        WEATHER((troubles, member) -> troubles.network().setWeather(Network.Weather.random(troubles.world.random()))),
        FLUSH((troubles, member) -> troubles.flush(member)),
        TRANSFER((troubles, member) -> troubles.transfer(member));

        private final BiConsumer<MemberTroubles, SimulatedMember> action;

        Kind(BiConsumer<MemberTroubles, SimulatedMember> action) {
            this.action = action;
        }
    }

    private final SimulatedMember.World world;
    private final List<SimulatedMember> members;
    private final Storm<Kind> storm;

    MemberTroubles(SimulatedMember.World world, List<SimulatedMember> members) {
        this.world = world;
        this.members = members;
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
        SimulatedMember member = members.get(world.random().nextInt(members.size()));
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

    private List<Long> ids() {
        return members.stream().map(SimulatedMember::id).toList();
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

    /** The database runs ahead of what the log is replayed from after a crash. */
    private void flush(SimulatedMember member) {
        MemberParts parts = member.parts();
        if (parts != null) {
            parts.database.flush();
        }
    }

    private void transfer(SimulatedMember member) {
        MemberParts parts = member.parts();
        long to = ids().get(world.random().nextInt(members.size()));
        if (parts != null) {
            parts.node.call(core -> {
                core.transferLeadership(to);
                return to;
            });
        }
    }
}
