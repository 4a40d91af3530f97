package io.quorate.sim.core;

import io.quorate.raft.MessageType;
import io.quorate.raft.Role;
import io.quorate.raft.Status;
import io.quorate.raft.confchange.ChangeType;
import io.quorate.raft.confchange.ConfChange;
import io.quorate.raft.confchange.ConfChange.MemberChange;
import io.quorate.raft.confchange.Transition;
import io.quorate.sim.world.Network;
import io.quorate.sim.world.Storm;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** What befalls a cluster: one trouble after the other, at random moments, of random kinds. */
final class Troubles {

    private enum Kind {
        CRASH((troubles, member) -> member.crash()),
        CRASH_OF_THE_LEADER((troubles, member) -> troubles.leader().ifPresent(CoreMember::crash)),
        BLINK((troubles, member) -> member.crashAfterSending(troubles.anyType())),
        AMBUSHED_VOTER((troubles, member) -> member.crashAfterSending(MessageType.VOTE_RESP)),
        BLACKOUT((troubles, member) -> troubles.blackout()),
        RESTART((troubles, member) -> troubles.restart()),
        RESTART_SOON((troubles, member) -> troubles.restart()),
        STOP((troubles, member) ->
                member.process().stopFor(troubles.world.random().nextLong(5_000_000))),
        CLOCK((troubles, member) -> member.setTickMicros(
                CoreWorld.TICK_MICROS * (50 + troubles.world.random().nextInt(150)) / 100)),
        ISOLATION((troubles, member) -> troubles.split(List.of(member.id()))),
        ISOLATION_OF_THE_LEADER(
                (troubles, member) -> troubles.leader().ifPresent(leader -> troubles.split(List.of(leader.id())))),
        SLOW_LEADER((troubles, member) -> troubles.leader()
                .ifPresent(leader ->
                        troubles.ids().forEach(to -> troubles.network().slowDown(leader.id(), to)))),
        PARTITION((troubles, member) -> troubles.split(troubles.someIds())),
        DEAFNESS((troubles, member) ->
                troubles.ids().forEach(other -> troubles.network().cut(other, member.id()))),
        MUTENESS((troubles, member) ->
                troubles.ids().forEach(other -> troubles.network().cut(member.id(), other))),
        CUT((troubles, member) ->
                troubles.network().cut(member.id(), troubles.any().id())),
        SLOWNESS((troubles, member) ->
                troubles.network().slowDown(member.id(), troubles.any().id())),
        HEALING((troubles, member) -> troubles.network().heal()),
        WEATHER((troubles, member) -> troubles.network().setWeather(Network.Weather.random(troubles.world.random()))),
        DISKS((troubles, member) -> troubles.world.setDisks(CoreWorld.Disks.random(troubles.world.random()))),
        SNAPSHOT((troubles, member) -> member.takeSnapshot()),
        SNAPSHOT_OF_THE_LEADER((troubles, member) -> troubles.leader().ifPresent(CoreMember::takeSnapshot)),
        SINGLE_CHANGE((troubles, member) -> troubles.change(1, Transition.AUTO)),
        JOINT_CHANGE((troubles, member) ->
                troubles.change(1 + troubles.world.random().nextInt(3), troubles.joint())),
        PROMOTION((troubles, member) -> troubles.promote()),
        END_OF_JOINT((troubles, member) -> troubles.propose(ConfChange.leaveJoint())),
        TRANSFER((troubles, member) ->
                member.post(node -> node.transferLeadership(troubles.any().id()))),
        CAMPAIGN((troubles, member) -> member.post(node -> node.campaign())),
        FORGETTING((troubles, member) -> member.post(node -> node.forgetLeader()));

        private final BiConsumer<Troubles, CoreMember> action;

        Kind(BiConsumer<Troubles, CoreMember> action) {
            this.action = action;
        }
    }

    private final CoreWorld world;
    private final List<CoreMember> members;
    private final Storm<Kind> storm;

    Troubles(CoreWorld world, List<CoreMember> members) {
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
        CoreMember member = any();
        if (member.isUp()) {
            storm.note(kind, member.id());
            kind.action.accept(this, member);
        } else if (world.random().nextBoolean()) {
            member.restart();
        }
    }

    private Network network() {
        return world.network();
    }

    private CoreMember any() {
        return members.get(world.random().nextInt(members.size()));
    }

    private Optional<CoreMember> leader() {
        return members.stream()
                .filter(member -> member.isUp() && member.status().role() == Role.LEADER)
                .findFirst();
    }

    private List<Long> ids() {
        return members.stream().map(CoreMember::id).toList();
    }

    private List<Long> someIds() {
        return ids().stream().filter(id -> world.random().nextBoolean()).toList();
    }

    private void split(List<Long> side) {
        network().split(side, ids().stream().filter(id -> !side.contains(id)).toList());
    }

    private MessageType anyType() {
        MessageType[] kinds = {
            MessageType.APP, MessageType.APP_RESP, MessageType.VOTE, MessageType.SNAP, MessageType.HEARTBEAT_RESP
        };
        return kinds[world.random().nextInt(kinds.length)];
    }

    /** The power goes everywhere, and comes back. */
    private void blackout() {
        members.stream().filter(CoreMember::isUp).forEach(CoreMember::crash);
        world.timeline().after(world.random().nextLong(500_000), this::restart);
    }

    private void restart() {
        members.stream().filter(member -> !member.isUp()).forEach(CoreMember::restart);
    }

    // ---- membership

    private Transition joint() {
        return Transition.values()[world.random().nextInt(Transition.values().length)];
    }

    private void change(int steps, Transition transition) {
        List<MemberChange> changes = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            ChangeType type = ChangeType.values()[world.random().nextInt(ChangeType.values().length)];
            changes.add(new MemberChange(type, any().id()));
        }
        propose(ConfChange.of(transition, changes));
    }

    private void promote() {
        leader().ifPresent(leader -> {
            List<Long> learners = leader.status().confState().learners();
            if (!learners.isEmpty()) {
                long id = learners.get(world.random().nextInt(learners.size()));
                propose(ConfChange.of(ChangeType.ADD_NODE, id));
            }
        });
    }

    /**
     * Only a leader knows the configuration well enough to see that the change leaves two voters. From two voters to one
     * there is no safe way with changes that act when applied: a leader that removes itself steps down before the other
     * can know that the change is committed, and refuses its vote if it has one entry more. For the same reason a leader may
     * only leave if the voters that stay are a majority of those before: until they know that the joint configuration is
     * over, they need one.
     */
    private void propose(ConfChange change) {
        boolean shrinks = change.changes().stream()
                .anyMatch(step -> step.type() == ChangeType.REMOVE_NODE || step.type() == ChangeType.ADD_LEARNER_NODE);
        CoreMember member = shrinks || world.random().nextBoolean() ? leader().orElse(null) : any();
        if (member != null && member.isUp() && isBearable(member.status(), change)) {
            member.post(node -> {
                if (isBearable(node.status(), change)) { // another change may have been applied since
                    node.proposeConfChange(change);
                }
            });
        }
    }

    private static boolean isBearable(Status status, ConfChange change) {
        List<Long> before = status.confState().voters();
        Set<Long> after = new LinkedHashSet<>(before);
        change.changes().forEach(step -> {
            switch (step.type()) {
                case ADD_NODE -> after.add(step.nodeId());
                case REMOVE_NODE, ADD_LEARNER_NODE -> after.remove(step.nodeId());
                case UPDATE_NODE -> {}
            }
        });
        boolean leaderLeaves = before.contains(status.id()) && !after.contains(status.id());
        long staying = before.stream().filter(after::contains).count();
        return after.size() >= Math.min(2, before.size()) && (!leaderLeaves || staying > before.size() / 2);
    }
}
