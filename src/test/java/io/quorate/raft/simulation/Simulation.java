package io.quorate.raft.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.raft.ConfState;
import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import io.quorate.raft.RaftConfig;
import io.quorate.raft.RaftException;
import io.quorate.raft.ReadState;
import io.quorate.raft.Role;
import io.quorate.raft.confchange.ChangeType;
import io.quorate.raft.confchange.ConfChange;
import io.quorate.raft.confchange.MemberChange;
import io.quorate.raft.confchange.Transition;
import io.quorate.raft.readonly.ReadOnlyOption;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** One run: random events for a while, then a calm in which the cluster must make progress. */
final class Simulation {

    private static final int FOUNDERS = 3;
    private static final int MEMBERS = 5;

    private final Random random;
    private final Invariants invariants = new Invariants();
    private final List<CrashingMember> members = new ArrayList<>();
    private final List<Message> network = new ArrayList<>();
    private final Set<Long> isolated = new HashSet<>();
    private final Map<String, Long> readsUnderWay = new HashMap<>();
    private int requests;
    private int readsAnswered;
    private int leadersSeen;
    private long lastLeaderTerm;

    Simulation(long seed) {
        random = new Random(seed);
        boolean async = random.nextBoolean();
        boolean preVote = random.nextBoolean();
        boolean checkQuorum = random.nextBoolean();
        for (long id = 1; id <= MEMBERS; id++) {
            RaftConfig config = RaftConfig.builder()
                    .id(id)
                    .electionTicks(10)
                    .heartbeatTicks(2)
                    .asyncStorageWrites(async)
                    .preVote(preVote)
                    .checkQuorum(checkQuorum)
                    .readOnlyOption(ReadOnlyOption.SAFE)
                    .maxSizePerMsg(200)
                    .maxCommittedSizePerReady(300)
                    .maxUncommittedSize(2000)
                    .maxInflightMsgs(4)
                    .maxInflightBytes(500)
                    // A removed leader that goes on is for the application to stop; here nobody does.
                    .stepDownOnRemoval(true)
                    .random(random::nextInt)
                    .build();
            ConfState founding = id <= FOUNDERS ? ConfState.ofVoters(List.of(1L, 2L, 3L)) : ConfState.EMPTY;
            members.add(new CrashingMember(config, founding, invariants));
        }
    }

    int readsAnswered() {
        return readsAnswered;
    }

    int leadersSeen() {
        return leadersSeen;
    }

    long appliedMost() {
        return invariants.appliedMost();
    }

    /** Everything may go wrong. */
    void storm(int steps) {
        for (int i = 0; i < steps; i++) {
            disturb();
            step(true);
        }
    }

    /** Nothing goes wrong any more; a proposal must get through. */
    void calm() {
        isolated.clear();
        members.stream().filter(CrashingMember::isDown).forEach(this::restart);
        long before = invariants.appliedMost();
        for (int i = 0; i < 20_000 && invariants.appliedMost() < before + 5; i++) {
            if (i % 20 == 0) {
                propose();
            }
            step(false);
        }
        assertThat(invariants.appliedMost()).as("progress in the calm").isGreaterThanOrEqualTo(before + 5);
    }

    private void disturb() {
        switch (random.nextInt(300)) {
            case 0 -> crashOrRestart();
            case 1 -> isolateOrHeal();
            case 2 -> changeMembership();
            case 3 -> any().compact();
            case 4 -> up(member -> member.node().transferLeadership(1 + random.nextInt(MEMBERS)));
            case 5 -> up(member -> member.node().reportUnreachable(1 + random.nextInt(MEMBERS)));
            case 6 -> up(member -> member.node().forgetLeader());
            default -> {}
        }
        if (random.nextInt(8) == 0) {
            propose();
        }
        if (random.nextInt(16) == 0) {
            read();
        }
    }

    private interface Action {
        void on(CrashingMember member);
    }

    private CrashingMember any() {
        return members.get(random.nextInt(MEMBERS));
    }

    private void up(Action action) {
        CrashingMember member = any();
        if (!member.isDown()) {
            try {
                action.on(member);
            } catch (RaftException _) {
                // Refusing is one of the answers.
            }
        }
    }

    private void crashOrRestart() {
        CrashingMember member = any();
        if (member.isDown()) {
            restart(member);
        } else {
            member.crash();
            network.removeIf(message -> message.to() == member.id() && isFromStorage(message));
        }
    }

    private void restart(CrashingMember member) {
        member.restart();
        invariants.restarted(member.node().status());
    }

    private void isolateOrHeal() {
        if (isolated.isEmpty()) {
            isolated.add(any().id());
        } else {
            isolated.clear();
        }
    }

    private void propose() {
        String text = "p" + requests++;
        Action action = member -> member.node().propose(text.getBytes(StandardCharsets.UTF_8));
        up(action);
    }

    private void changeMembership() {
        List<MemberChange> changes = new ArrayList<>();
        int count = 1 + random.nextInt(2);
        for (int i = 0; i < count; i++) {
            ChangeType type = ChangeType.values()[random.nextInt(ChangeType.values().length)];
            changes.add(new MemberChange(type, 1 + random.nextInt(MEMBERS)));
        }
        Transition transition = random.nextInt(3) == 0 ? Transition.JOINT_IMPLICIT : Transition.AUTO;
        ConfChange change = ConfChange.of(transition, changes);
        up(member -> {
            if (isSurvivable(member.node().status().confState(), changes)) {
                member.node().proposeConfChange(change);
            }
        });
    }

    /** An application does not remove all voters, which the core would refuse when it is too late. */
    private static boolean isSurvivable(ConfState confState, List<MemberChange> changes) {
        Set<Long> voters = new HashSet<>(confState.voters());
        for (MemberChange change : changes) {
            if (change.type() == ChangeType.REMOVE_NODE || change.type() == ChangeType.ADD_LEARNER_NODE) {
                voters.remove(change.nodeId());
            }
        }
        return voters.size() >= 2;
    }

    private void read() {
        String context = "r" + requests++;
        up(member -> {
            readsUnderWay.put(context, invariants.committed());
            member.node().readIndex(context.getBytes(StandardCharsets.UTF_8));
        });
    }

    // ---- one step of the world

    private void step(boolean stormy) {
        CrashingMember member = any();
        if (!member.isDown()) {
            switch (random.nextInt(6)) {
                case 0 -> member.node().tick();
                case 1, 2 -> member.takeReady();
                case 3 -> member.workOffAppend();
                case 4 -> member.workOffApply();
                default -> {}
            }
            invariants.observe(member.node().status());
            collect(member);
        }
        deliver(stormy);
        deliver(stormy);
    }

    private void collect(CrashingMember member) {
        network.addAll(member.takeOutgoing());
        for (ReadState read : member.takeReads()) {
            Long floor = readsUnderWay.remove(new String(read.context(), StandardCharsets.UTF_8));
            if (floor != null) {
                assertThat(read.index()).as("read on %d", member.id()).isGreaterThanOrEqualTo(floor);
                readsAnswered++;
            }
        }
        if (member.node().status().role() == Role.LEADER
                && member.node().status().term() > lastLeaderTerm) {
            lastLeaderTerm = member.node().status().term();
            leadersSeen++;
        }
    }

    private void deliver(boolean stormy) {
        if (network.isEmpty()) {
            return;
        }
        // Storage answers in order; the network does not.
        int position = network.size() < 50 && random.nextInt(3) > 0 ? 0 : random.nextInt(network.size());
        Message message = network.get(position);
        boolean local = isFromStorage(message) || message.from() == message.to();
        if (local) {
            position = firstLocal(message.to());
            message = network.get(position);
        }
        boolean repeated = stormy && !local && random.nextInt(30) == 0;
        if (!repeated) {
            network.remove(position);
        }
        boolean lost = !local
                && (isolated.contains(message.from())
                        || isolated.contains(message.to())
                        || (stormy && random.nextInt(15) == 0));
        CrashingMember receiver = members.get((int) message.to() - 1);
        if (receiver.isDown() || lost) {
            reportLoss(message);
            return;
        }
        hand(receiver, message);
    }

    private int firstLocal(long to) {
        for (int i = 0; i < network.size(); i++) {
            Message message = network.get(i);
            if (message.to() == to && (isFromStorage(message) || message.from() == to)) {
                return i;
            }
        }
        throw new IllegalStateException("no local message for " + to);
    }

    private void hand(CrashingMember receiver, Message message) {
        try {
            receiver.node().step(message);
        } catch (RaftException _) {
            // Refusing is one of the answers.
        }
        if (message.type() == MessageType.SNAP) {
            report(message, true);
        }
        invariants.observe(receiver.node().status());
        collect(receiver);
    }

    private void reportLoss(Message message) {
        if (message.type() == MessageType.SNAP) {
            report(message, false);
        }
    }

    private void report(Message snapshot, boolean ok) {
        CrashingMember sender = members.get((int) snapshot.from() - 1);
        if (!sender.isDown()) {
            sender.node().reportSnapshot(snapshot.to(), ok);
        }
    }

    private static boolean isFromStorage(Message message) {
        return message.from() == Message.APPEND_THREAD || message.from() == Message.APPLY_THREAD;
    }
}
