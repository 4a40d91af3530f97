package io.quorate.config;

import static io.quorate.config.BadSettingException.check;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is done against data that is not what was written.
 *
 * @param repair Whether a member whose data is damaged or differs from the majority's stops until an operator rebuilds it
 *     ("manual"), or ends and rebuilds itself from the leader's state when it is started again ("auto"). Damage of the log
 *     is never repaired.
 * @param initialCorruptCheck Whether the member compares its history with the others before it takes part.
 * @param corruptCheckTime Time between comparisons of the newest revision of all members by the leader; 0 turns them off.
 * @param compactHashCheckEnabled Whether the leader compares what compactions have left on all members.
 * @param compactHashCheckTime Time between those comparisons.
 * @param skipEntries Entries of the log to pass over because no version can apply them, each as term/index; the member's last
 *     log lines name them. All members need the same. Entries that can be applied are never skipped.
 */
@ConfigurationProperties("quorate")
public record IntegritySettings(
        @DefaultValue("manual") Repair repair,
        @DefaultValue("false") boolean initialCorruptCheck,
        @DefaultValue("0") Duration corruptCheckTime,
        @DefaultValue("false") boolean compactHashCheckEnabled,
        @DefaultValue("1m") Duration compactHashCheckTime,
        @DefaultValue List<String> skipEntries) {

    private static final Pattern ENTRY = Pattern.compile("[1-9]\\d{0,17}/[1-9]\\d{0,17}");

    /** How a damaged member is rebuilt. */
    public enum Repair {
        MANUAL,
        AUTO
    }

    public IntegritySettings {
        skipEntries = List.copyOf(skipEntries);
        for (String entry : skipEntries) {
            check(ENTRY.matcher(entry).matches(), "quorate.skip-entries", entry, "must have the form term/index");
        }
        check(!corruptCheckTime.isNegative(), "quorate.corrupt-check-time", corruptCheckTime, "must not be negative");
        check(
                compactHashCheckTime.isPositive(),
                "quorate.compact-hash-check-time",
                compactHashCheckTime,
                "must be positive");
    }

    /** Zero while compactions are not compared. */
    public Duration compactionInterval() {
        return compactHashCheckEnabled ? compactHashCheckTime : Duration.ZERO;
    }
}
