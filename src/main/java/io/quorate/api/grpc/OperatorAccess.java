package io.quorate.api.grpc;

import com.google.common.net.InetAddresses;
import io.quorate.auth.AuthRules;
import io.quorate.auth.AuthStore;
import io.quorate.base.RequestException;
import io.quorate.identity.Identity;
import io.quorate.identity.Passwords;
import io.quorate.identity.TokenReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;

/**
 * Tells which clients may use a port for operators beyond health and metrics: on loopback all of them as long as authentication is
 * off; otherwise those that show a certificate, or the token or password of a user with the role root.
 */
@RequiredArgsConstructor
public final class OperatorAccess {

    private static final String BASIC = "Basic ";
    private static final String BEARER = "Bearer ";

    private final AuthStore store;
    private final TokenReader tokens;
    private final Passwords passwords;

    /** What comes of a request. */
    public enum Verdict {
        PERMITTED,
        /** It names no user, or without a proof. */
        UNKNOWN,
        /** Its user has not the role root. */
        FORBIDDEN
    }

    /**
     * Judges one request.
     *
     * @param localAddress the address that it came to
     * @param certified whether the client showed a certificate that was verified
     * @param authorization the field of that name
     * @throws RequestException if too many passwords or tokens wait to be looked at
     */
    public Verdict judge(String localAddress, boolean certified, @Nullable String authorization) {
        if (certified || (!store.rules().isEnabled() && isLoopback(localAddress))) {
            return Verdict.PERMITTED;
        }
        Identity identity = authorization == null ? null : wait(identity(authorization));
        if (identity == null || isOld(identity)) {
            return Verdict.UNKNOWN;
        }
        return store.rules().hasRole(identity, AuthStore.ROOT) ? Verdict.PERMITTED : Verdict.FORBIDDEN;
    }

    /** A signed token is void after any change of users, which may have been a new password. */
    private boolean isOld(Identity identity) {
        return identity.revision() != 0
                && Long.compareUnsigned(identity.revision(), store.rules().revision()) < 0;
    }

    private static boolean isLoopback(String address) {
        return InetAddresses.isInetAddress(address)
                && InetAddresses.forString(address).isLoopbackAddress();
    }

    private CompletionStage<@Nullable Identity> identity(String authorization) {
        if (hasScheme(authorization, BEARER)) {
            String token = authorization.substring(BEARER.length());
            Identity known = tokens.known(token);
            return known == null ? tokens.find(token) : CompletableFuture.completedStage(known);
        }
        return hasScheme(authorization, BASIC)
                ? byPassword(authorization.substring(BASIC.length()))
                : CompletableFuture.completedStage(null);
    }

    /** Schemes are the same in upper and lower case (RFC 9110). */
    private static boolean hasScheme(String authorization, String scheme) {
        return authorization.regionMatches(true, 0, scheme, 0, scheme.length());
    }

    /** The rights of a user count as soon as he is there, whether authentication is on for clients or not. */
    private CompletionStage<@Nullable Identity> byPassword(String encoded) {
        String[] parts = decoded(encoded).split(":", 2);
        String password = parts.length == 2 ? parts[1] : "";
        AuthRules rules = store.rules();
        return passwords
                .matches(password, store.passwordHashOf(parts[0]))
                .thenApply(matches ->
                        matches ? new Identity(parts[0], rules.revision(), List.of(), Identity.Origin.TOKEN) : null);
    }

    private static String decoded(String encoded) {
        try {
            return new String(Base64.getDecoder().decode(encoded.strip()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return ""; // nobody's name
        }
    }

    private static @Nullable Identity wait(CompletionStage<@Nullable Identity> identity) {
        try {
            return identity.toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RequestException busy) {
                throw busy;
            }
            throw e;
        }
    }
}
