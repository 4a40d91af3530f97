package io.quorate.node.wal;

import io.quorate.base.MonotonicClock;
import java.util.concurrent.Executor;
import lombok.Builder;
import lombok.With;

/**
 * How a log is kept.
 *
 * @param segmentBytes size to which a segment is allocated before it is used; at least 4 KiB
 * @param bufferBytes how much is gathered before it is written; a batch below it is one write
 * @param fsync whether {@link Wal#sync} makes the log durable; false loses promises at a power cut, for tests only
 * @param disk where the files are
 * @param background runs the allocation of the next segment, one task at a time; a simulation runs it in place
 * @param clock measures how long a sync took
 */
@Builder(toBuilder = true)
@With
public record WalSettings(
        long segmentBytes, int bufferBytes, boolean fsync, Disk disk, Executor background, MonotonicClock clock) {

    private static final long SEGMENT_BYTES_MIN = 4096;

    /** Segments of 64 MiB on the disk of this machine, synced. */
    public static final WalSettings DEFAULT = new WalSettings(
            64L << 20,
            1 << 20,
            true,
            Disk.system(),
            task -> Thread.ofPlatform().daemon().name("wal-allocate").start(task),
            MonotonicClock.SYSTEM);

    public WalSettings {
        if (segmentBytes < SEGMENT_BYTES_MIN || segmentBytes % Disk.SECTOR_BYTES != 0) {
            throw new IllegalArgumentException(
                    "segmentBytes must be a multiple of 512 and at least 4096, not " + segmentBytes);
        }
        if (bufferBytes < Disk.SECTOR_BYTES) {
            throw new IllegalArgumentException("bufferBytes must be at least 512, not " + bufferBytes);
        }
    }
}
