package io.quorate.watch;

import java.time.Duration;
import lombok.Builder;
import lombok.With;

/**
 * Limits and intervals of the watch engine.
 *
 * @param bufferMessages batches and progress reports waiting on one stream before its watchers count as slow
 * @param bufferBytes bytes of events waiting on one stream before its watchers count as slow; a single larger batch still
 *     passes when nothing else waits
 * @param requestBacklog answers to creations and cancellations waiting on one stream before it accepts no more requests
 * @param catchUpRevisions distinct revisions in one message to a watcher that catches up
 * @param catchUpBytes bytes after which such a message ends at the next revision
 * @param catchUpWatchers watchers served in one pass over history
 * @param catchUpEvents events after which a pass over history ends at the next revision
 * @param catchUpInterval longest time between two passes
 * @param victimInterval time between two attempts to deliver to slow watchers
 * @param progressInterval time between progress reports, at least 100 ms; up to a tenth is added per stream
 * @param fragmentBytes size of a response above which it is split for watchers that allow it
 * @param recentRevisions revisions kept in memory to bring watchers up to date while writes go on
 * @param recentBytes bytes of events kept for that purpose
 */
@Builder
@With
public record WatchSettings(
        int bufferMessages,
        long bufferBytes,
        int requestBacklog,
        int catchUpRevisions,
        long catchUpBytes,
        int catchUpWatchers,
        int catchUpEvents,
        Duration catchUpInterval,
        Duration victimInterval,
        Duration progressInterval,
        long fragmentBytes,
        int recentRevisions,
        long recentBytes) {

    private static final Duration PROGRESS_INTERVAL_MIN = Duration.ofMillis(100);
    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;

    /** etcd's values where it has them; the sizes in bytes are our own. */
    public static final WatchSettings DEFAULTS = WatchSettings.builder()
            .bufferMessages(128)
            .bufferBytes(32 * MIB)
            .requestBacklog(16)
            .catchUpRevisions(1000)
            .catchUpBytes(MIB)
            .catchUpWatchers(512)
            .catchUpEvents(16_384)
            .catchUpInterval(Duration.ofMillis(100))
            .victimInterval(Duration.ofMillis(10))
            .progressInterval(Duration.ofMinutes(10))
            .fragmentBytes(1536 * KIB + 512 * KIB)
            .recentRevisions(1000)
            .recentBytes(8 * MIB)
            .build();

    public WatchSettings {
        requirePositive("bufferMessages", bufferMessages);
        requirePositive("bufferBytes", bufferBytes);
        requirePositive("requestBacklog", requestBacklog);
        requirePositive("catchUpRevisions", catchUpRevisions);
        requirePositive("catchUpBytes", catchUpBytes);
        requirePositive("catchUpWatchers", catchUpWatchers);
        requirePositive("catchUpEvents", catchUpEvents);
        requirePositive("catchUpInterval", catchUpInterval.toNanos());
        requirePositive("victimInterval", victimInterval.toNanos());
        requirePositive("fragmentBytes", fragmentBytes);
        requirePositive("recentRevisions", recentRevisions);
        requirePositive("recentBytes", recentBytes);
        if (recentRevisions > catchUpRevisions) {
            throw new IllegalArgumentException("recentRevisions " + recentRevisions
                    + " do not fit into one message of catchUpRevisions " + catchUpRevisions);
        }
        if (progressInterval.compareTo(PROGRESS_INTERVAL_MIN) < 0) {
            throw new IllegalArgumentException(
                    "progressInterval " + progressInterval + " is below the minimum " + PROGRESS_INTERVAL_MIN);
        }
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive but is " + value);
        }
    }
}
