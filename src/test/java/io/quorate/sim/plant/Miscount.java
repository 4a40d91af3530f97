package io.quorate.sim.plant;

import io.quorate.raft.ConfState;
import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import io.quorate.raft.PeerStatus;
import io.quorate.raft.Role;
import io.quorate.raft.Status;
import io.quorate.sim.core.CoreMember;
import io.quorate.sim.core.Plant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A leader that counts acknowledgements wrongly tells its followers a commit that is too high. */
final class Miscount implements Plant {

    enum Rule {
        ANY_TERM,
        LEARNERS_TOO,
        INCOMING_HALF_ONLY,
        HALF,
        WITHOUT_MATCH
    }

    private final Rule rule;

    Miscount(Rule rule) {
        this.rule = rule;
    }

    @Override
    public Message sent(CoreMember member, Message message) {
        Status status = member.status();
        boolean leads = status.role() == Role.LEADER && status.term() == message.term();
        if (!leads || (message.type() != MessageType.APP && message.type() != MessageType.HEARTBEAT)) {
            return message;
        }
        Map<Long, Long> matches = new HashMap<>();
        for (PeerStatus peer : status.progress()) {
            matches.put(peer.id(), peer.match());
        }
        long counted = rule == Rule.WITHOUT_MATCH ? status.commit() : count(status.confState(), matches);
        // Entries of earlier terms aside, this rule is the right one.
        if (rule != Rule.ANY_TERM && rule != Rule.WITHOUT_MATCH && member.term(counted) != status.term()) {
            return message;
        }
        boolean cautious = message.type() == MessageType.HEARTBEAT && rule != Rule.WITHOUT_MATCH;
        long told = cautious ? Math.min(counted, matches.getOrDefault(message.to(), 0L)) : counted;
        return message.toBuilder().commit(Math.max(message.commit(), told)).build();
    }

    private long count(ConfState state, Map<Long, Long> matches) {
        List<Long> incoming = new ArrayList<>(state.voters());
        if (rule == Rule.LEARNERS_TOO) {
            incoming.addAll(state.learners());
        }
        long index = quorumIndex(incoming, matches);
        if (rule == Rule.INCOMING_HALF_ONLY || state.votersOutgoing().isEmpty()) {
            return index;
        }
        return Math.min(index, quorumIndex(state.votersOutgoing(), matches));
    }

    private long quorumIndex(List<Long> voters, Map<Long, Long> matches) {
        List<Long> sorted = voters.stream()
                .map(voter -> matches.getOrDefault(voter, 0L))
                .sorted(Comparator.reverseOrder())
                .toList();
        int needed = rule == Rule.HALF ? (voters.size() + 1) / 2 : voters.size() / 2 + 1;
        return sorted.get(needed - 1);
    }
}
