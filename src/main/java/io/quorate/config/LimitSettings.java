package io.quorate.config;

import static io.quorate.config.BadSettingException.check;

import io.quorate.config.LiveSettings.ChangesAtRunTime;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The bounds of everything that waits inside the member. Reaching one is an answer to the caller or a pause of the
 * sender, never growth.
 *
 * @param applyGap Committed entries that may wait to be applied before new requests are refused with "too many
 *     requests".
 * @param raftInbox Messages and proposals that may wait for the consensus thread.
 * @param schedulerQueue Jobs that may wait for the thread that applies entries.
 * @param readThreads Threads that serve large reads; 0 means as many as there are processors.
 * @param readQueue Reads that may wait for one of those threads.
 * @param watchBuffer Responses that may wait to be sent on one stream of watches.
 * @param peerQueue Messages that may wait for one other member.
 * @param clientMemory What requests of clients and the answers to them may take of the heap; 0 means 40% of the largest heap.
 *     Beyond it calls wait, and are then refused with "too many requests".
 * @param clientBuffers What streams may have ready outside the heap for clients that do not take it; 0 means half of what the
 *     process may use there.
 * @param memoryWait How long a call waits for memory before it is refused.
 * @param snapshotBandwidth Bytes of the state that are sent to a member that lags behind in one second; 0 for no limit.
 * @param backupBandwidth Bytes of a snapshot that are sent to a client in one second; 0 for no limit.
 */
@ConfigurationProperties("quorate.limits")
public record LimitSettings(
        @ChangesAtRunTime @DefaultValue("5000") long applyGap,
        @DefaultValue("4096") int raftInbox,
        @DefaultValue("1024") int schedulerQueue,
        @DefaultValue("0") int readThreads,
        @DefaultValue("4096") int readQueue,
        @DefaultValue("128") int watchBuffer,
        @DefaultValue("64MB") DataSize peerQueue,
        @DefaultValue("0") DataSize clientMemory,
        @DefaultValue("0") DataSize clientBuffers,
        @DefaultValue("5s") Duration memoryWait,
        @DefaultValue("100MB") DataSize snapshotBandwidth,
        @ChangesAtRunTime @DefaultValue("0") DataSize backupBandwidth) {

    public LimitSettings {
        positive("apply-gap", applyGap);
        positive("raft-inbox", raftInbox);
        positive("scheduler-queue", schedulerQueue);
        check(readThreads >= 0, "quorate.limits.read-threads", readThreads, "must not be negative");
        positive("read-queue", readQueue);
        positive("watch-buffer", watchBuffer);
        positive("peer-queue", peerQueue.toBytes());
        zeroOrLarge("client-memory", clientMemory);
        zeroOrLarge("client-buffers", clientBuffers);
        check(memoryWait.isPositive(), "quorate.limits.memory-wait", memoryWait, "must be positive");
        check(
                !snapshotBandwidth.isNegative(),
                "quorate.limits.snapshot-bandwidth",
                snapshotBandwidth,
                "must not be negative");
        check(
                !backupBandwidth.isNegative(),
                "quorate.limits.backup-bandwidth",
                backupBandwidth,
                "must not be negative");
        readThreads = readThreads == 0 ? Runtime.getRuntime().availableProcessors() : readThreads;
    }

    /** Below a few messages nothing could be served. */
    private static void zeroOrLarge(String name, DataSize size) {
        check(
                size.toBytes() == 0 || size.toMegabytes() >= 1,
                "quorate.limits." + name,
                size,
                "must be 0 or at least 1MB");
    }

    private static void positive(String name, long value) {
        check(value > 0, "quorate.limits." + name, value, "must be at least 1");
    }
}
