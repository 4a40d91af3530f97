package io.quorate.sim.invariant;

import io.quorate.raft.HardState;
import io.quorate.raft.Message;
import io.quorate.raft.log.RaftLog;
import io.quorate.sim.core.Invariant;
import io.quorate.sim.core.MemberView;

/** A vote, a term and the receipt of entries are durable before anybody hears of them (thesis, figure 3.1). */
final class DurableBeforePromised implements Invariant {

    @Override
    public void sending(MemberView member, Message message) {
        switch (message.type()) {
            case VOTE_RESP -> {
                if (!message.reject()) {
                    checkVote(member, message);
                }
            }
            case APP_RESP -> {
                if (!message.reject() && message.index() > 0) {
                    checkEntries(member, message);
                }
            }
            default -> {} // promises nothing
        }
    }

    private static void checkVote(MemberView member, Message message) {
        HardState durable = member.durable().hardState();
        boolean voted = durable.term() == message.term() && durable.vote() == message.to();
        Violation.unless(
                voted || durable.term() > message.term(),
                "durable before promised: %d votes for %d in term %d, its disk says %s",
                member.id(),
                message.to(),
                message.term(),
                durable);
    }

    private static void checkEntries(MemberView member, Message message) {
        long term = member.term(message.index());
        // What was replaced since the answer was given was acknowledged to a leader that is gone.
        boolean replaced = member.status().term() > message.term();
        Violation.unless(
                replaced || term == RaftLog.UNKNOWN_TERM || member.durable().has(message.index(), term),
                "durable before promised: %d acknowledges entry %d of term %d, its disk ends at %d",
                member.id(),
                message.index(),
                term,
                member.durable().lastIndex());
        Violation.unless(
                member.durable().hardState().term() >= message.term(),
                "durable before promised: %d acknowledges in term %d, its disk says %s",
                member.id(),
                message.term(),
                member.durable().hardState());
    }
}
