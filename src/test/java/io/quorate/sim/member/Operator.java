package io.quorate.sim.member;

import io.quorate.base.RequestException;
import io.quorate.membership.Member;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Changes who belongs to the cluster and who leads it, one request after the other, at whichever member is at hand. Some of
 * them are refused; of some nobody knows what became, so newcomers are started when a member is seen to know them.
 */
final class Operator {

    /** Processes in the whole run, so that it does not take for ever. */
    private static final int MEMBERS_MAX = 9;

    private static final int VOTERS_MAX = 5;

    private final SimulatedMember.World world;
    private int added;

    Operator(SimulatedMember.World world) {
        this.world = world;
    }

    void add(MemberParts by, boolean learner) {
        List<Member> members = by.state.membership().members();
        long voters = members.stream().filter(member -> !member.isLearner()).count();
        if (world.cluster().all().size() < MEMBERS_MAX && (learner || voters < VOTERS_MAX)) {
            watch(by.changes.add(List.of("http://added:" + ++added), learner));
        }
    }

    /** Makes any learner a voter; only the leader knows whether it is ready. */
    void promote() {
        leader().ifPresent(leader -> leader.state.membership().members().stream()
                .filter(Member::isLearner)
                .findFirst()
                .ifPresent(learner -> watch(leader.changes.promote(learner.id()))));
    }

    /** Removes a member, whether it leads or not, whether it is up or not. */
    void remove(MemberParts by, long id) {
        if (by.state.membership().members().size() > 1) {
            watch(by.changes.remove(id));
        }
    }

    void moveLeader(long to) {
        leader().ifPresent(leader -> watch(leader.transfer.transfer(to, MemberParts.ELECTION)));
    }

    private Optional<MemberParts> leader() {
        return world.cluster().up().filter(MemberParts::isLeader).findFirst();
    }

    private void watch(CompletionStage<?> change) {
        CompletionStage<?> unused = change.whenComplete((done, failure) -> {
            Throwable cause = failure != null && failure.getCause() != null ? failure.getCause() : failure;
            if (cause != null && !(cause instanceof RequestException)) {
                world.checks().failed(cause);
            }
        });
    }

    /** Starts the processes of those that were added. */
    void startNewcomers() {
        List<Long> known = world.cluster()
                .up()
                .flatMap(parts -> parts.state.membership().members().stream().map(Member::id))
                .distinct()
                .filter(id -> world.cluster().member(id).isEmpty())
                .toList();
        known.forEach(id -> world.cluster().join(world, id));
    }
}
