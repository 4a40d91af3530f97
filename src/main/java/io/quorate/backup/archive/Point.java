package io.quorate.backup.archive;

import java.util.HexFormat;

/**
 * A point in one history of a cluster.
 *
 * @param revision the last one that is part of it; at least 1
 * @param tip of that revision's changes; see {@link io.quorate.mvcc.StoredHistory.Tip}
 */
public record Point(long revision, long tip) {

    @Override
    public String toString() {
        return revision + "/" + HexFormat.of().toHexDigits(tip);
    }
}
