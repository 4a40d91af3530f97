package io.quorate.backup.schedule;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When, how much, how long.
 *
 * @param full when full backups are made; null for only as many as are needed
 * @param fullBytes a full backup is made, too, when the segments since the last one have that many bytes
 * @param interval between two segments
 * @param segmentBytes of keys and values after which a segment is written earlier, and of records in one segment
 * @param keepCount so many full backups stay
 * @param keepAge what is younger stays too
 * @param verify when the newest is restored and compared; null for never
 * @param scratch where it is restored to; removed afterwards
 */
public record BackupOptions(
        @Nullable Schedule full,
        long fullBytes,
        Duration interval,
        long segmentBytes,
        int keepCount,
        Duration keepAge,
        @Nullable Schedule verify,
        Path scratch) {}
