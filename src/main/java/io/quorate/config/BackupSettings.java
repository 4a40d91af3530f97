package io.quorate.config;

import static io.quorate.config.BadSettingException.check;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The backups that members make themselves. All members need the same settings, for any of them may be the one that does it.
 *
 * @param to Where backups go: file:///DIRECTORY, which must exist, or s3://BUCKET/PREFIX with parameters endpoint, region and
 *     path-style, as in s3://backups/prod?region=eu-central-1; empty turns backups off.
 * @param credentialsFile File with aws_access_key_id, aws_secret_access_key and perhaps aws_session_token, each as name = value
 *     on a line of its own; read anew when it changes. Empty takes AWS_ACCESS_KEY_ID and so on from the environment.
 * @param full When full backups are made: minute, hour, day, month and day of the week as Spring reads them, in UTC. Empty makes one only
 *     when it is needed.
 * @param fullAfter A full backup is made, too, when that many bytes were appended since the last one.
 * @param interval Time after which what was written is appended to the backup, and so what a disaster may cost.
 * @param segmentSize Bytes of keys and values after which it is appended earlier; at most 64MB.
 * @param compress Whether objects are compressed, by gzip.
 * @param keyFile File with the key that objects are encrypted with, by AES-256-GCM: 32 bytes, also as hexadecimal digits or in
 *     base64. Without it nothing can be restored. Empty does not encrypt.
 * @param keepCount So many full backups stay, with what was appended to them.
 * @param keepAge Backups that are younger stay, too.
 * @param verify When the newest backup is restored below the data directory and compared with the member's history; times as in
 *     full. Empty never does it.
 */
@ConfigurationProperties("quorate.backup")
public record BackupSettings(
        @DefaultValue("") String to,
        @DefaultValue("") String credentialsFile,
        @DefaultValue("0 2 * * *") String full,
        @DefaultValue("1GB") DataSize fullAfter,
        @DefaultValue("5s") Duration interval,
        @DefaultValue("4MB") DataSize segmentSize,
        @DefaultValue("true") boolean compress,
        @DefaultValue("") String keyFile,
        @DefaultValue("7") int keepCount,
        @DefaultValue("7d") Duration keepAge,
        @DefaultValue("") String verify) {

    private static final String PREFIX = "quorate.backup.";
    private static final Duration INTERVAL_MIN = Duration.ofMillis(200);
    private static final Duration INTERVAL_MAX = Duration.ofHours(1);
    private static final int SEGMENT_MEGABYTES_MAX = 64;
    private static final int KEEP_MAX = 10_000;

    public BackupSettings {
        check(
                to.isEmpty() || to.startsWith("file:///") || to.startsWith("s3://"),
                PREFIX + "to",
                to,
                "must begin with file:/// or s3://");
        check(fullAfter.toMegabytes() >= 1, PREFIX + "full-after", fullAfter, "must be at least 1MB");
        check(
                interval.compareTo(INTERVAL_MIN) >= 0 && interval.compareTo(INTERVAL_MAX) <= 0,
                PREFIX + "interval",
                interval,
                "must be between 200ms and 1h");
        check(
                segmentSize.toKilobytes() >= 1 && segmentSize.toMegabytes() <= SEGMENT_MEGABYTES_MAX,
                PREFIX + "segment-size",
                segmentSize,
                "must be between 1KB and 64MB");
        check(keepCount >= 1 && keepCount <= KEEP_MAX, PREFIX + "keep-count", keepCount, "must be between 1 and 10000");
        check(!keepAge.isNegative(), PREFIX + "keep-age", keepAge, "must not be negative");
    }

    /** The file with credentials; null if they are in the environment. */
    public @Nullable Path credentials() {
        return credentialsFile.isEmpty() ? null : Path.of(credentialsFile);
    }

    /** A value that turned out to be unusable later. */
    public static BadSettingException unusable(String setting, String value, String problem) {
        return new BadSettingException(PREFIX + setting, value, problem);
    }
}
