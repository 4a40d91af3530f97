package io.quorate.sim.member;

import io.quorate.node.ApplyPacket;
import io.quorate.node.RaftEvents;
import io.quorate.raft.Entry;
import io.quorate.raft.Message;
import io.quorate.raft.ReadState;
import io.quorate.raft.Role;
import io.quorate.raft.Snapshot;
import io.quorate.raft.SoftState;
import io.quorate.raft.Status;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What must hold between whole members: one leader a term, the same entries applied everywhere, in order. */
final class ClusterChecks {

    private record Applied(long term, int data) {}

    private final Map<Long, Long> leaders = new HashMap<>();
    private final Map<Long, Applied> entries = new HashMap<>();
    private final Map<Long, Long> handedOut = new HashMap<>();
    private @Nullable Throwable failure;

    /** A member starts anew and may be handed what it had before. */
    void started(long member) {
        handedOut.remove(member);
    }

    /** Terms that had a leader. */
    int leadersSeen() {
        return leaders.size();
    }

    /** Keeps what went wrong inside of a callback, where an exception would get lost. */
    void failed(Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    void stepped(Status status) {
        if (failure != null) {
            throw new AssertionError(failure.getMessage(), failure);
        }
        if (status.role() == Role.LEADER) {
            Long known = leaders.putIfAbsent(status.term(), status.id());
            if (known != null && known != status.id()) {
                throw new AssertionError(
                        "one leader per term: " + known + " and " + status.id() + " lead in term " + status.term());
            }
        }
    }

    private void applying(long member, Entry entry) {
        Applied applied = new Applied(entry.term(), Arrays.hashCode(entry.data()));
        Applied known = entries.putIfAbsent(entry.index(), applied);
        if (known != null && !known.equals(applied)) {
            throw new AssertionError("state machine safety: entry " + entry.index() + " is " + applied + " on " + member
                    + " and " + known + " elsewhere");
        }
        Long before = handedOut.put(member, entry.index());
        if (before != null && entry.index() != before + 1) {
            throw new AssertionError("applied in order: " + member + " applies " + entry.index() + " behind " + before);
        }
    }

    /** Looks at what a node hands to its server. */
    RaftEvents observe(long member, RaftEvents next) {
        return new RaftEvents() {

            @Override
            public void updateLeadership(SoftState softState, long term) {
                next.updateLeadership(softState, term);
            }

            @Override
            public void updateCommittedIndex(long index) {
                next.updateCommittedIndex(index);
            }

            @Override
            public void readStates(List<ReadState> states) {
                next.readStates(states);
            }

            @Override
            public void apply(ApplyPacket packet) {
                Snapshot snapshot = packet.snapshot();
                if (snapshot != null) {
                    handedOut.put(member, snapshot.index());
                }
                packet.entries().forEach(entry -> applying(member, entry));
                next.apply(packet);
            }

            @Override
            public void sendSnapshot(Message message) {
                next.sendSnapshot(message);
            }
        };
    }
}
