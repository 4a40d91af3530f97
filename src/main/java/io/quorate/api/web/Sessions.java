package io.quorate.api.web;

import io.quorate.proto.AuthGrpc;
import io.quorate.proto.AuthenticateRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Logins of clients that send name and password with every request. A login compares a hash that is made to be slow and makes all members
 * know of a token; so the token is kept, under a digest of what was sent, until it does not count any more. Any thread.
 */
final class Sessions {

    private static final String BASIC = "Basic ";
    private static final String DIGEST = "HmacSHA256";

    /** Then all log in again. */
    private static final int TOKENS_MAX = 1024;

    private final SecretKeySpec secret;
    private final Map<String, String> tokens = new ConcurrentHashMap<>();

    Sessions() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.secret = new SecretKeySpec(random, DIGEST);
    }

    /**
     * The caller with a token in place of a password.
     *
     * @throws Problem if the password is wrong
     */
    RestCaller caller(RestRequest request, RestCaller caller) {
        String credentials = basic(caller);
        if (credentials == null) {
            return caller;
        }
        String digest = digest(credentials);
        String known = tokens.get(digest);
        return known == null ? login(request, caller, credentials, digest) : caller.withToken(known);
    }

    private RestCaller login(RestRequest request, RestCaller caller, String credentials, String digest) {
        String[] parts = decoded(credentials).split(":", 2);
        AuthenticateRequest login = AuthenticateRequest.newBuilder()
                .setName(parts[0])
                .setPassword(parts.length == 2 ? parts[1] : "")
                .build();
        String token;
        try {
            token = request.callAsNobody(AuthGrpc.getAuthenticateMethod(), login)
                    .getToken();
        } catch (Problem refused) {
            if (GrpcProblems.isAuthOff(refused)) { // as a token does not count then
                return caller.anonymous();
            }
            throw refused;
        }
        if (tokens.size() >= TOKENS_MAX) {
            tokens.clear();
        }
        tokens.put(digest, token);
        return caller.withToken(token);
    }

    /**
     * Forgets the token of a caller, which does not count any more.
     *
     * @return whether there was one, and another login may help
     */
    boolean forget(RestCaller caller) {
        String credentials = basic(caller);
        return credentials != null && tokens.remove(digest(credentials)) != null;
    }

    private static @Nullable String basic(RestCaller caller) {
        String sent = caller.authorization();
        return sent != null && sent.regionMatches(true, 0, BASIC, 0, BASIC.length())
                ? sent.substring(BASIC.length()).strip()
                : null;
    }

    private static String decoded(String credentials) {
        try {
            return new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Problem.field("Authorization", "not base64");
        }
    }

    private String digest(String credentials) {
        try {
            Mac mac = Mac.getInstance(DIGEST);
            mac.init(secret);
            return HexFormat.of().formatHex(mac.doFinal(credentials.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + DIGEST, e);
        }
    }
}
