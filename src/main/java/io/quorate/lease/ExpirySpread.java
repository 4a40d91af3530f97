package io.quorate.lease;

import java.util.List;

/**
 * Keeps the leases of a new primary from expiring all at once: a lease is put off until no more than a given number
 * expire in the second that ends with it. None expires earlier than it would have.
 */
final class ExpirySpread {

    /** Fewer leases than this need no spreading. */
    private static final int LEASES_MIN = 1000;

    private static final long SECOND = 1_000_000_000L;

    private ExpirySpread() {}

    /**
     * When each lease expires for a new primary, in their order.
     *
     * @param order the leases, the one that would expire first comes first
     * @param start when the time that is left of each begins
     * @param revokedPerSecond how many can be revoked within a second; so that revoking keeps up, fewer expire
     * @return ascending
     */
    static long[] expiries(List<Lease> order, long start, long revokedPerSecond) {
        long[] expiries = order.stream()
                .mapToLong(lease -> lease.expiryWhenPromoted(start))
                .toArray();
        if (expiries.length >= LEASES_MIN) {
            putOff(expiries, (int) Math.max(1, revokedPerSecond * 3 / 4));
        }
        return expiries;
    }

    private static void putOff(long[] expiries, int perSecond) {
        for (int i = perSecond; i < expiries.length; i++) {
            expiries[i] = Math.max(expiries[i], expiries[i - perSecond] + SECOND);
        }
    }
}
