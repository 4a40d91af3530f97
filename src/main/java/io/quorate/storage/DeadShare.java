package io.quorate.storage;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much of a family is outdated: records that were removed, with the marks that remove them, until RocksDB has merged the two.
 * RocksDB's own estimate of live data does not see removals, so this counts them: each takes one record out.
 *
 * @param entries records and marks
 * @param deletions the marks among them
 */
record DeadShare(long entries, long deletions) {

    private static final Pattern ENTRIES = Pattern.compile("# entries=(\\d+)");
    private static final Pattern DELETIONS = Pattern.compile("# deletions=(\\d+)");

    /** Reads the property {@code rocksdb.aggregated-table-properties}. */
    static DeadShare parse(String properties) {
        return new DeadShare(number(ENTRIES, properties), number(DELETIONS, properties));
    }

    private static long number(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    /** From 0, nothing, to 1, everything. */
    double ratio() {
        long records = entries - deletions;
        return records <= 0 ? (entries > 0 ? 1 : 0) : Math.min(1, (double) deletions / records);
    }
}
