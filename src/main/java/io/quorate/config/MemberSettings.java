package io.quorate.config;

import static io.quorate.config.BadSettingException.check;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The member's identity and its directories on disk.
 *
 * @param name Name of this member, unique in its cluster.
 * @param dataDir Directory of everything the member keeps; empty means the name followed by ".etcd" in the working
 *     directory.
 * @param walDir Directory of the log; empty means member/wal below the data directory. A device of its own makes writes
 *     faster.
 * @param maxWals Log files kept although they are no longer needed; 0 keeps all.
 * @param snapshotCount Applied entries between two snapshots on disk, after which older log files may go.
 * @param snapshotCatchupEntries Log entries kept in memory behind the newest snapshot for slow followers.
 * @param unsafeNoFsync Answers writes before they are on disk. Loses acknowledged writes when the machine stops; for
 *     tests only.
 */
@ConfigurationProperties("quorate")
public record MemberSettings(
        @DefaultValue("default") String name,
        @DefaultValue("") String dataDir,
        @DefaultValue("") String walDir,
        @DefaultValue("5") int maxWals,
        @DefaultValue("10000") long snapshotCount,
        @DefaultValue("5000") long snapshotCatchupEntries,
        @DefaultValue("false") boolean unsafeNoFsync) {

    public MemberSettings {
        check(!name.isBlank(), "quorate.name", name, "must not be empty");
        check(!name.contains("=") && !name.contains(","), "quorate.name", name, "must not contain '=' or ','");
        check(maxWals >= 0, "quorate.max-wals", maxWals, "must not be negative");
        check(snapshotCount > 0, "quorate.snapshot-count", snapshotCount, "must be at least 1");
        check(
                snapshotCatchupEntries >= 0,
                "quorate.snapshot-catchup-entries",
                snapshotCatchupEntries,
                "must not be negative");
        dataDir = dataDir.isBlank() ? name + ".etcd" : dataDir;
    }

    /** Where everything is kept. */
    public Path dataDirectory() {
        return Path.of(dataDir);
    }

    /** Where the log is kept. */
    public Path walDirectory() {
        return walDir.isBlank() ? dataDirectory().resolve("member").resolve("wal") : Path.of(walDir);
    }
}
