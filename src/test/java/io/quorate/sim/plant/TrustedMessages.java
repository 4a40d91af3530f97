package io.quorate.sim.plant;

import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import io.quorate.raft.Snapshot;
import io.quorate.raft.Status;
import io.quorate.sim.core.CoreMember;
import io.quorate.sim.core.Plant;
import java.util.HashMap;
import java.util.Map;

/** Messages that are taken without the check that they need. */
final class TrustedMessages {

    private TrustedMessages() {}

    static final class AnyCandidate implements Plant {

        @Override
        public Message received(CoreMember member, Message message) {
            boolean request = message.type() == MessageType.VOTE || message.type() == MessageType.PRE_VOTE;
            return request
                    ? message.toBuilder()
                            .index(Integer.MAX_VALUE)
                            .logTerm(message.term())
                            .build()
                    : message;
        }
    }

    /** A deposed leader is not told about the newer term either, so that it goes on. */
    static final class OldLeader implements Plant {

        private record Obedience(long member, long leader) {}

        private final Map<Obedience, Long> oldTerms = new HashMap<>();

        @Override
        public Message received(CoreMember member, Message message) {
            long term = member.status().term();
            boolean fromLeader = message.type() == MessageType.APP || message.type() == MessageType.HEARTBEAT;
            if (!fromLeader) {
                return message;
            }
            oldTerms.put(new Obedience(member.id(), message.from()), message.term());
            return message.term() < term ? message.toBuilder().term(term).build() : message;
        }

        @Override
        public Message sent(CoreMember member, Message message) {
            Long oldTerm = oldTerms.get(new Obedience(member.id(), message.to()));
            boolean answer = message.type() == MessageType.APP_RESP || message.type() == MessageType.HEARTBEAT_RESP;
            return answer && oldTerm != null ? message.toBuilder().term(oldTerm).build() : message;
        }
    }

    static final class LateAppend implements Plant {

        @Override
        public Message received(CoreMember member, Message message) {
            Status status = member.status();
            long end = message.index() + message.entries().size();
            boolean late = message.type() == MessageType.APP
                    && message.term() == status.term()
                    && !message.entries().isEmpty()
                    && end < status.lastIndex()
                    && member.term(end) == message.entries().getLast().term();
            if (late) {
                member.forgetLogBehind(end);
            }
            return message;
        }
    }

    static final class OldSnapshot implements Plant {

        @Override
        public Message received(CoreMember member, Message message) {
            Snapshot snapshot = message.snapshot();
            if (message.type() == MessageType.SNAP && snapshot != null && snapshot.index() < member.appliedIndex()) {
                member.overwriteState(message);
            }
            return message;
        }
    }
}
