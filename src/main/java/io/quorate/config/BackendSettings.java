package io.quorate.config;

import static io.quorate.config.BadSettingException.check;

import io.quorate.config.LiveSettings.ChangesAtRunTime;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The store of keys and its history.
 *
 * @param quotaBackendBytes Size of the store at which writes are refused; 0 means 2 GiB, a negative size turns the
 *     limit off.
 * @param autoCompactionMode Whether auto-compaction-retention is a time ("periodic") or a number of revisions
 *     ("revision").
 * @param autoCompactionRetention How much history is kept: a duration such as 30m or a number of hours in periodic mode,
 *     a number of revisions in the other; 0 keeps all.
 * @param compactionBatchLimit Revisions removed in one step of a compaction; 0 means 1000.
 * @param compactionSleepInterval Pause between two such steps; 0 means 10 ms.
 * @param leaseCheckpoint Whether the remaining time of leases above five minutes is kept when the leader changes; without
 *     it they start anew.
 * @param warningApplyDuration Requests whose execution takes longer are counted and logged; 0 turns it off.
 */
@ConfigurationProperties("quorate")
public record BackendSettings(
        @ChangesAtRunTime @DefaultValue("0") DataSize quotaBackendBytes,
        @ChangesAtRunTime @DefaultValue("periodic") AutoCompaction.Mode autoCompactionMode,
        @ChangesAtRunTime @DefaultValue("0") String autoCompactionRetention,
        @DefaultValue("1000") int compactionBatchLimit,
        @DefaultValue("10ms") Duration compactionSleepInterval,
        @DefaultValue("false") boolean leaseCheckpoint,
        @ChangesAtRunTime @DefaultValue("100ms") Duration warningApplyDuration) {

    private static final DataSize QUOTA_DEFAULT = DataSize.ofGigabytes(2);
    private static final int BATCH_DEFAULT = 1000;
    private static final Duration SLEEP_DEFAULT = Duration.ofMillis(10);

    public BackendSettings {
        if (quotaBackendBytes.toBytes() == 0) {
            quotaBackendBytes = QUOTA_DEFAULT;
        }
        AutoCompaction.of(autoCompactionMode, autoCompactionRetention);
        check(
                compactionBatchLimit >= 0,
                "quorate.compaction-batch-limit",
                compactionBatchLimit,
                "must not be negative");
        check(
                !compactionSleepInterval.isNegative(),
                "quorate.compaction-sleep-interval",
                compactionSleepInterval,
                "must not be negative");
        check(
                !warningApplyDuration.isNegative(),
                "quorate.warning-apply-duration",
                warningApplyDuration,
                "must not be negative");
        compactionBatchLimit = compactionBatchLimit == 0 ? BATCH_DEFAULT : compactionBatchLimit;
        compactionSleepInterval = compactionSleepInterval.isZero() ? SLEEP_DEFAULT : compactionSleepInterval;
    }

    /** What is to be compacted without being asked. */
    public AutoCompaction autoCompaction() {
        return AutoCompaction.of(autoCompactionMode, autoCompactionRetention);
    }
}
