package io.quorate.node.wal;

import java.security.SecureRandom;

/** The number that tells a log from any other of the same member: kept in the metadata with which the log begins. */
public final class Incarnation {

    private Incarnation() {}

    /** A new one. Random, since a clock may repeat itself; never 0, which stands for a log of an earlier version. */
    public static long draw() {
        long drawn = new SecureRandom().nextLong();
        return drawn == 0 ? 1 : drawn;
    }
}
