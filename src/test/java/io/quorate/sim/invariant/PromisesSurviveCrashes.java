package io.quorate.sim.invariant;

import io.quorate.raft.HardState;
import io.quorate.raft.Message;
import io.quorate.raft.log.RaftLog;
import io.quorate.sim.core.Invariant;
import io.quorate.sim.core.MemberView;
import java.util.HashMap;
import java.util.Map;

/** After a crash a member still knows whom it voted for and has the entries that it acknowledged. */
final class PromisesSurviveCrashes implements Invariant {

    private record Acknowledged(long index, long entryTerm, long inTerm) {}

    private final Map<Long, Message> votes = new HashMap<>();
    private final Map<Long, Acknowledged> entries = new HashMap<>();

    @Override
    public void sending(MemberView member, Message message) {
        if (message.reject()) {
            return;
        }
        switch (message.type()) {
            case VOTE_RESP -> {
                Message earlier = votes.put(member.id(), message);
                Violation.unless(
                        earlier == null || earlier.term() != message.term() || earlier.to() == message.to(),
                        "promises survive crashes: %d votes for %d in term %d after it voted for another",
                        member.id(),
                        message.to(),
                        message.term());
            }
            case APP_RESP ->
                entries.put(
                        member.id(), new Acknowledged(message.index(), member.term(message.index()), message.term()));
            default -> {} // promises nothing
        }
    }

    @Override
    public void restarted(MemberView member) {
        HardState state = member.durable().hardState();
        Message vote = votes.get(member.id());
        Violation.unless(
                vote == null
                        || state.term() > vote.term()
                        || (state.term() == vote.term() && state.vote() == vote.to()),
                "promises survive crashes: %d voted for %s, after the crash it knows %s",
                member.id(),
                vote,
                state);
        Acknowledged acknowledged = entries.get(member.id());
        Violation.unless(
                acknowledged == null
                        || acknowledged.entryTerm() == RaftLog.UNKNOWN_TERM
                        // Only a later leader may have replaced it.
                        || state.term() > acknowledged.inTerm()
                        || member.durable().has(acknowledged.index(), acknowledged.entryTerm()),
                "promises survive crashes: %d acknowledged %s, after the crash its log ends at %d",
                member.id(),
                acknowledged,
                member.durable().lastIndex());
    }
}
