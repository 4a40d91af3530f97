package io.quorate.lease;

/**
 * Keeps the leases of a new primary from expiring all at once: a lease is put off until no more than a given number
 * expire in the second that ends with it. None expires earlier than it would have.
 */
final class ExpirySpread {

    /** Fewer leases than this need no spreading. */
    static final int LEASES_MIN = 1000;

    private static final long SECOND = 1_000_000_000L;

    private ExpirySpread() {}

    /**
     * Puts off expiries where needed.
     *
     * @param expiries in ascending order; changed in place and still ascending afterwards
     * @param perSecond how many may expire within a second
     */
    static void apply(long[] expiries, int perSecond) {
        for (int i = perSecond; i < expiries.length; i++) {
            expiries[i] = Math.max(expiries[i], expiries[i - perSecond] + SECOND);
        }
    }
}
