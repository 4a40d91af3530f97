package io.quorate.sim.member;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.node.ApplyPacket;
import io.quorate.node.RaftEvents;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import io.quorate.raft.Ready.ReadState;
import io.quorate.raft.Ready.SoftState;
import io.quorate.raft.Role;
import io.quorate.raft.Snapshot;
import io.quorate.raft.Status;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What must hold between whole members: one leader a term, the same entries applied everywhere, in order; nothing is promised
 * before it is durable, read below what was committed before, or revoked by another leader than the one that decided it.
 */
final class ClusterChecks {

    /** Looking at a log takes as long as reading it. */
    private static final int ACKNOWLEDGEMENTS_PER_LOOK = 16;

    private record Applied(long term, int data) {}

    private final Map<Long, Long> leaders = new HashMap<>();
    private final Map<Long, Applied> entries = new HashMap<>();
    private final Map<Long, Long> handedOut = new HashMap<>();
    private final Map<Long, Set<Long>> decisions = new HashMap<>();
    private long newestHandedOut;
    private long acknowledgements;
    private long looks;
    private @Nullable Throwable failure;

    /** A member starts anew and may be handed what it had before. */
    void started(long member) {
        handedOut.remove(member);
    }

    /** Terms that had a leader. */
    int leadersSeen() {
        return leaders.size();
    }

    /** Promises, reads and revocations that were looked at. */
    long looks() {
        return looks;
    }

    /**
     * Waits until a member may be read, which is not below what was committed when the read came (thesis, section 6.4): what
     * somebody was told to apply is committed.
     */
    CompletableFuture<Void> read(MemberParts parts) {
        long floor = newestHandedOut;
        return parts.reader.awaitLinearizable().thenApply(ready -> {
            looks++;
            long applied = parts.progress.appliedIndex();
            if (applied < floor) {
                failed(new AssertionError("reads see what was committed before them: one is answered at " + applied
                        + " that came when " + floor + " was committed"));
            }
            return ready;
        });
    }

    /** Watchers and readers are about to see a revision. */
    void publishing(long member, long revision, boolean written) {
        looks++;
        if (!written) {
            failed(new AssertionError(
                    "written before published: " + member + " publishes revision " + revision + " before the write"));
        }
    }

    /** A leader decided to revoke leases. */
    void decided(long term, List<Long> leases) {
        decisions.computeIfAbsent(term, first -> new HashSet<>()).addAll(leases);
    }

    /** Nobody but the leader's clock revokes leases here. */
    private void revoking(Entry entry) {
        if (entry.type() != EntryType.NORMAL || entry.data().length == 0) {
            return;
        }
        try {
            InternalRaftRequest request = InternalRaftRequest.parseFrom(entry.data());
            if (request.hasLeaseRevoke()) {
                looks++;
                long lease = request.getLeaseRevoke().getID();
                if (!decisions.getOrDefault(entry.term(), Set.of()).contains(lease)) {
                    throw new AssertionError(
                            "a revocation carries its term: entry " + entry.index() + " of term " + entry.term()
                                    + " revokes lease " + lease + ", which the leader of that term did not decide");
                }
            }
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError("entry " + entry.index() + " is no request", e);
        }
    }

    /** A message leaves a member (thesis, figure 3.1). */
    void sending(long member, Message message, Supplier<DurableLog> durable) {
        boolean vote = message.type() == MessageType.VOTE_RESP && !message.reject();
        boolean acknowledgement = message.type() == MessageType.APP_RESP && !message.reject() && message.index() > 0;
        if (!vote && (!acknowledgement || ++acknowledgements % ACKNOWLEDGEMENTS_PER_LOOK != 0)) {
            return;
        }
        looks++;
        DurableLog log = durable.get();
        long term = log.hardState().term();
        if (term > message.term()) {
            return; // what was promised to a leader that is gone may have been replaced
        }
        if (term < message.term() || vote && log.hardState().vote() != message.to()) {
            throw new AssertionError("durable before promised: " + member + " sends " + message.type() + " of term "
                    + message.term() + " to " + message.to() + ", its disk says " + log.hardState());
        }
        if (acknowledgement && log.lastIndex() < message.index()) {
            throw new AssertionError("durable before promised: " + member + " acknowledges entry " + message.index()
                    + ", its disk ends at " + log.lastIndex());
        }
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
        if (known == null) {
            revoking(entry);
        }
        newestHandedOut = Math.max(newestHandedOut, entry.index());
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
