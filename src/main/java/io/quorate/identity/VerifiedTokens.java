package io.quorate.identity;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Tokens whose signature was right, with the time until which they hold. Bounded by the characters of all tokens: what was used
 * lately is in the young half, and when that is full it becomes the old one, which goes. Any thread.
 */
final class VerifiedTokens {

    /** A longer token is no token; Keycloak's with hundreds of roles have a few thousand characters. */
    static final int TOKEN_CHARS_MAX = 32 * 1024;

    private static final long CHARS_MAX = 8 << 20;

    private record Verified(Identity identity, long endMillis) {}

    private static final class Halves {

        private final Map<String, Verified> young = new ConcurrentHashMap<>();
        private final Map<String, Verified> old;
        private final AtomicLong youngChars = new AtomicLong();

        Halves(Map<String, Verified> old) {
            this.old = old;
        }
    }

    private final long charsMax;
    private volatile Halves halves = new Halves(Map.of());

    VerifiedTokens() {
        this(CHARS_MAX);
    }

    VerifiedTokens(long charsMax) {
        this.charsMax = charsMax;
    }

    /** The identity behind a token; null if it was not verified, or holds no longer. */
    @Nullable
    Identity get(String token, long nowMillis) {
        Halves now = halves;
        Verified found = now.young.get(token);
        if (found == null) {
            found = now.old.get(token);
            if (found == null) {
                return null;
            }
            put(token, found);
        }
        return nowMillis < found.endMillis() ? found.identity() : null;
    }

    /** @param endMillis the first moment at which the token holds no longer, since 1970 */
    void put(String token, Identity identity, long endMillis) {
        put(token, new Verified(identity, endMillis));
    }

    private void put(String token, Verified verified) {
        Halves now = halves;
        if (now.young.put(token, verified) == null && now.youngChars.addAndGet(token.length()) > charsMax / 2) {
            turn(now);
        }
    }

    private synchronized void turn(Halves full) {
        if (halves == full) {
            halves = new Halves(full.young);
        }
    }

    /** How many there are. */
    int size() {
        Halves now = halves;
        return now.young.size() + now.old.size();
    }
}
