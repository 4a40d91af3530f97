package io.quorate.mvcc;

import java.time.Duration;
import lombok.With;

/**
 * Settings of the key space.
 *
 * @param compactionBatchRevisions how many old versions one batch of a compaction removes at most
 * @param compactionPause the time between two batches of a compaction, which leaves the disk to others
 */
@With
public record MvccSettings(int compactionBatchRevisions, Duration compactionPause) {

    /** 1000 revisions in a batch, 10 ms between batches, as etcd. */
    public static final MvccSettings DEFAULT = new MvccSettings(1000, Duration.ofMillis(10));

    public MvccSettings {
        if (compactionBatchRevisions < 1) {
            throw new IllegalArgumentException(
                    "a compaction batch of " + compactionBatchRevisions + " revisions would never end");
        }
        if (compactionPause.isNegative()) {
            throw new IllegalArgumentException("the pause of a compaction is negative: " + compactionPause);
        }
    }
}
