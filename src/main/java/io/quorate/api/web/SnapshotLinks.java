package io.quorate.api.web;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Links by which a browser saves a snapshot to a file: it cannot send the token of a page along, and the page cannot hold what it would
 * fetch. Each link stands for its caller's credentials, once and for {@link #VALID}. There are {@link #LINKS_MAX} at most, of which a new one
 * takes the place of the oldest. Any thread.
 */
final class SnapshotLinks {

    static final Duration VALID = Duration.ofSeconds(60);
    static final int LINKS_MAX = 64;

    private static final int SECRET_BYTES = 16;

    private final SecureRandom random = new SecureRandom();

    @GuardedBy("links")
    private final Map<String, Link> links = new LinkedHashMap<>();

    private record Link(@Nullable String authorization, long endNanos) {}

    /** Makes one at a time of the monotonic clock; its secret is what this returns. */
    String make(RestCaller caller, long nanos) {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        String secret = HexFormat.of().formatHex(bytes);
        synchronized (links) {
            links.values().removeIf(link -> link.endNanos() - nanos < 0);
            if (links.size() == LINKS_MAX) {
                Iterator<String> oldest = links.keySet().iterator();
                oldest.next();
                oldest.remove();
            }
            links.put(secret, new Link(caller.authorization(), nanos + VALID.toNanos()));
        }
        return secret;
    }

    /**
     * Uses one up.
     *
     * @return a caller with the credentials of its maker
     * @throws Problem if there is none
     */
    RestCaller use(String secret, RestCaller caller, long nanos) {
        Link link;
        synchronized (links) {
            link = links.remove(secret);
        }
        if (link == null || link.endNanos() - nanos < 0) {
            throw Problem.notFound("the link was used, or is older than " + VALID.toSeconds() + " seconds");
        }
        String authorization = link.authorization();
        return authorization == null ? caller.anonymous() : caller.withToken(authorization);
    }
}
