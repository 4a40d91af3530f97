package io.quorate.proposal;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Unique numbers for requests and leases, without coordination: two bytes of member id, five bytes of milliseconds at the
 * start of the process, one byte of counter, whose overflow into the time is intended (the same scheme as etcd's).
 */
public final class IdGenerator {

    private static final int MEMBER_SHIFT = 48;
    private static final int COUNTER_BITS = 8;
    private static final long SUFFIX_MASK = (1L << MEMBER_SHIFT) - 1;

    private final long prefix;
    private final AtomicLong suffix;

    public IdGenerator(long memberId, long unixMillis) {
        this.prefix = memberId << MEMBER_SHIFT;
        this.suffix = new AtomicLong((unixMillis << COUNTER_BITS) & SUFFIX_MASK);
    }

    /** A number that no other call, and no other member, gives. */
    public long next() {
        return prefix | (suffix.incrementAndGet() & SUFFIX_MASK);
    }

    /** The same as a lease id, which must be positive. */
    public long nextPositive() {
        long id;
        do {
            id = next() & Long.MAX_VALUE;
        } while (id == 0);
        return id;
    }
}
