package io.quorate.identity;

import com.nimbusds.jwt.JWTClaimsSet;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * Tokens of the kind {@code jwt}: the user, the auth revision of the login and the end of the token, signed (RFC 7519). No member
 * remembers them; any member with the key can verify them, a real etcd too. The signature of a token is looked at once, in a pool,
 * and as long as the token holds it is known.
 *
 * <p>The library is loaded when the first token comes, and not when the member starts.
 */
@Slf4j
public final class JwtTokens implements Tokens {

    private static final String USER = "username";
    private static final String REVISION = "revision";
    private static final String END = "exp";

    /** Keys with what was verified by them, so that another key begins with nothing. */
    private static final class Keyring {

        private final TokenKeys keys;
        private final VerifiedTokens verified = new VerifiedTokens();
        private @Nullable SignedTokens signed;

        Keyring(TokenKeys keys) {
            this.keys = keys;
        }

        synchronized SignedTokens signed() {
            SignedTokens made = signed;
            if (made == null) {
                made = new SignedTokens(keys);
                signed = made;
            }
            return made;
        }
    }

    private final Duration ttl;
    private final WorkPool pool;
    private final InstantSource time;
    private volatile Keyring ring;

    /** @param ttl how long a token holds, whether it is used or not */
    public JwtTokens(TokenKeys keys, Duration ttl, WorkPool pool, InstantSource time) {
        this.ttl = ttl;
        this.pool = pool;
        this.time = time;
        this.ring = ring(keys);
    }

    private static Keyring ring(TokenKeys keys) {
        if (keys.isWeak()) {
            log.warn("the secret that signs tokens is shorter than {} deserves; it may be guessed", keys.method());
        }
        return new Keyring(keys);
    }

    /** Other keys are in use from now on. Tokens that they do not verify are no longer known. Any thread. */
    public void use(TokenKeys keys) {
        ring = ring(keys);
    }

    @Override
    public String draw() {
        return "";
    }

    @Override
    public void loggedIn(String user, String drawn, long index) {
        // the token itself says it all
    }

    @Override
    public CompletionStage<String> issue(String user, String drawn, long index, long authRevision) {
        Keyring now = ring;
        if (now.keys.signing() == null) {
            return CompletableFuture.failedStage(new RequestException(RequestError.VERIFY_ONLY_KEY));
        }
        long end = time.instant().plus(ttl).getEpochSecond();
        Map<String, Object> claims = new TreeMap<>(Map.of(USER, user, REVISION, authRevision, END, end));
        return pool.run(() -> now.signed().sign(claims));
    }

    @Override
    public @Nullable Identity known(String token) {
        return ring.verified.get(token, time.millis());
    }

    @Override
    public CompletionStage<@Nullable Identity> find(String token) {
        if (token.length() > VerifiedTokens.TOKEN_CHARS_MAX) {
            return CompletableFuture.completedStage(null);
        }
        Keyring now = ring;
        return pool.<@Nullable Identity>run(() -> verify(now, token));
    }

    private @Nullable Identity verify(Keyring now, String token) {
        long millis = time.millis();
        Identity before = now.verified.get(token, millis);
        if (before != null) {
            return before;
        }
        JWTClaimsSet claims = now.signed().verify(token);
        if (claims == null || !(claims.getClaim(USER) instanceof String user)) {
            return null;
        }
        Date end = claims.getExpirationTime();
        Date begin = claims.getNotBeforeTime();
        long endMillis = end == null ? Long.MAX_VALUE : end.getTime(); // etcd takes tokens without an end too
        boolean holds = millis < endMillis && (begin == null || millis >= begin.getTime());
        if (!holds || !(claims.getClaim(REVISION) instanceof Number revision) || revision.longValue() < 0) {
            return null;
        }
        Identity identity = new Identity(user, revision.longValue(), List.of(), Identity.Origin.TOKEN);
        now.verified.put(token, identity, endMillis);
        return identity;
    }

    @Override
    public void forget(String user) {
        // every change moves the auth revision past that of the token
    }

    @Override
    public void enable() {
        // tokens of before hold as long as their revision does
    }

    @Override
    public void disable() {
        // likewise
    }

    @Override
    public boolean canIssue() {
        return ring.keys.signing() != null;
    }
}
