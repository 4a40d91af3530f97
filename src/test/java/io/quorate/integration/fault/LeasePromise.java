package io.quorate.integration.fault;

import java.util.Optional;

/** How long a lease must live by what its client was told. Moments are those of {@link System#nanoTime}. Any thread. */
final class LeasePromise {

    private static final long NEVER = Long.MAX_VALUE;

    private final String key;
    private final long ttlNanos;
    private long notBefore;
    private long seenGone = NEVER;

    /**
     * @param key attached to the lease, and to be gone with it
     * @param asked when it was asked for, before it can have begun
     */
    LeasePromise(String key, long ttlNanos, long asked) {
        this.key = key;
        this.ttlNanos = ttlNanos;
        notBefore = asked + ttlNanos;
    }

    String key() {
        return key;
    }

    /** It was renewed by a request that left then. */
    synchronized void renewed(long asked) {
        notBefore = Math.max(notBefore, asked + ttlNanos);
    }

    /** Somebody was shown that its key is gone. */
    synchronized void gone(long moment) {
        seenGone = Math.min(seenGone, moment);
    }

    /** A complaint if it was gone too early. */
    synchronized Optional<String> broken() {
        return seenGone - notBefore < 0
                ? Optional.of(key + " was gone " + (notBefore - seenGone) / 1_000_000 + " ms too early")
                : Optional.empty();
    }
}
