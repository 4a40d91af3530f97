package io.quorate.node;

import io.quorate.raft.RaftConfig;
import java.util.concurrent.ThreadLocalRandom;

/** How much the core of a running member may hold and send, by etcd's limits and by what the heap allows. */
public final class MemberRaftConfig {

    /** Room for some requests of the largest size, however small the heap. */
    private static final long SHARE_BYTES_MIN = 16L << 20;

    private static final int HEAP_SHARES = 8;

    private static final long HEAP_SHARE =
            Math.max(SHARE_BYTES_MIN, Runtime.getRuntime().maxMemory() / HEAP_SHARES);

    /** Of the entries that are kept in memory for slow followers. */
    public static final long CATCH_UP_BYTES = HEAP_SHARE;

    /** etcd's limits: 1 MiB a message, 512 of them in flight. */
    private static final long MESSAGE_BYTES_MAX = 1 << 20;

    private static final int MESSAGES_IN_FLIGHT = 512;

    /** Less than what may wait for a peer, so that a slow one is waited for instead of losing messages. */
    private static final long BYTES_IN_FLIGHT = Math.min(32L << 20, HEAP_SHARE);

    private static final long COMMITTED_BYTES_MAX = Math.min(32L << 20, HEAP_SHARE);

    /** etcd's limit where memory allows it: proposals of a leader without followers must not take all of it. */
    private static final long UNCOMMITTED_BYTES_MAX = Math.min(1L << 30, HEAP_SHARE);

    private MemberRaftConfig() {}

    /** The configuration of a core. */
    public static RaftConfig config(long id, int electionTicks, boolean preVote) {
        return RaftConfig.builder()
                .id(id)
                .electionTicks(electionTicks)
                .heartbeatTicks(1)
                .maxSizePerMsg(MESSAGE_BYTES_MAX)
                .maxCommittedSizePerReady(COMMITTED_BYTES_MAX)
                .maxUncommittedSize(UNCOMMITTED_BYTES_MAX)
                .maxInflightMsgs(MESSAGES_IN_FLIGHT)
                .maxInflightBytes(BYTES_IN_FLIGHT)
                .checkQuorum(true)
                .preVote(preVote)
                .asyncStorageWrites(true)
                .stepDownOnRemoval(true)
                .logger(new CoreLog())
                .random(bound -> ThreadLocalRandom.current().nextInt(bound))
                .build();
    }
}
