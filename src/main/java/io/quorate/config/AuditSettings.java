package io.quorate.config;

import static io.quorate.config.BadSettingException.check;

import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Which calls leave a line, and where.
 *
 * @param calls Calls that leave a line of JSON: "writes", "auth" for changes of users and roles and for logins, "refusals" for
 *     what was not permitted, "all"; several are separated by commas, empty turns the trail off.
 * @param file File for the lines; empty means standard output.
 * @param fileSize Size at which that file is renamed to FILE.1 and a new one begun.
 * @param files How many renamed files are kept.
 * @param queue Lines that may wait to be written; more are dropped and counted.
 */
@ConfigurationProperties("quorate.audit")
public record AuditSettings(
        @DefaultValue Set<Calls> calls,
        @DefaultValue("") String file,
        @DefaultValue("100MB") DataSize fileSize,
        @DefaultValue("10") int files,
        @DefaultValue("8192") int queue) {

    private static final int FILES_MAX = 1000;
    private static final int QUEUE_MAX = 1 << 20;

    /** Kinds of calls. */
    public enum Calls {
        WRITES,
        AUTH,
        REFUSALS,
        ALL
    }

    public AuditSettings {
        calls = Set.copyOf(calls);
        check(fileSize.toMegabytes() >= 1, "quorate.audit.file-size", fileSize, "must be at least 1MB");
        check(files >= 0 && files <= FILES_MAX, "quorate.audit.files", files, "must be between 0 and 1000");
        check(queue >= 1 && queue <= QUEUE_MAX, "quorate.audit.queue", queue, "must be between 1 and 1048576");
    }

    /** Whether any call leaves a line. */
    public boolean isOn() {
        return !calls.isEmpty();
    }
}
