package io.quorate.ops;

import io.quorate.ops.MemberStatus.Consensus;
import io.quorate.ops.MemberStatus.Identity;
import io.quorate.raft.ConfState;
import java.util.List;
import java.util.Locale;
import lombok.RequiredArgsConstructor;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/** {@code /actuator/raft}: where consensus stands on this member, for people and scripts. */
@Endpoint(id = "raft")
@RequiredArgsConstructor
public class RaftEndpoint {

    private static final double NANOS_PER_MILLISECOND = 1e6;

    private final MemberStatus status;

    @ReadOperation
    public Description raft() {
        Identity identity = status.identity();
        Consensus now = status.consensus();
        return new Description(
                identity.name(),
                hex(identity.memberId()),
                hex(identity.clusterId()),
                now.role().name().toLowerCase(Locale.ROOT),
                hex(now.leaderId()),
                now.learner(),
                now.term(),
                now.committedIndex(),
                now.appliedIndex(),
                now.appliedTerm(),
                now.diskSnapshotIndex(),
                now.memorySnapshotIndex(),
                Configuration.of(now.confState()),
                now.proposalsPending(),
                now.schedulerQueueDepth(),
                now.inboxDepth(),
                now.lastFsyncNanos() / NANOS_PER_MILLISECOND);
    }

    /**
     * The answer. Ids are in hexadecimal as in etcd's logs.
     *
     * @param leader 0 if none is known
     * @param role follower, candidate, leader or pre_candidate
     */
    public record Description(
            String name,
            String memberId,
            String clusterId,
            String role,
            String leader,
            boolean learner,
            long term,
            long committedIndex,
            long appliedIndex,
            long appliedTerm,
            long diskSnapshotIndex,
            long memorySnapshotIndex,
            Configuration configuration,
            long pendingProposals,
            int schedulerQueueDepth,
            int inboxDepth,
            double lastFsyncMilliseconds) {}

    /** The members; the outgoing voters and next learners are there only during a change. */
    public record Configuration(
            List<String> voters,
            List<String> votersOutgoing,
            List<String> learners,
            List<String> learnersNext,
            boolean autoLeave) {

        static Configuration of(ConfState state) {
            return new Configuration(
                    hexAll(state.voters()),
                    hexAll(state.votersOutgoing()),
                    hexAll(state.learners()),
                    hexAll(state.learnersNext()),
                    state.autoLeave());
        }
    }

    private static List<String> hexAll(List<Long> ids) {
        return ids.stream().map(RaftEndpoint::hex).toList();
    }

    private static String hex(long id) {
        return Long.toHexString(id);
    }
}
