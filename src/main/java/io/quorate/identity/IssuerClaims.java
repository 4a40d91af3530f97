package io.quorate.identity;

import com.nimbusds.jwt.JWTClaimsSet;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the claims of an outside issuer's token say, by {@link IssuerRules}. */
final class IssuerClaims {

    private static final String ROOT = "root";

    /** More roles than a member looks through for each call. */
    private static final int ROLES_MAX = 1000;

    private final IssuerRules rules;

    IssuerClaims(IssuerRules rules) {
        this.rules = rules;
    }

    /** The identity in claims whose signature was right; null if they are for another audience, for another time, or for no user. */
    @Nullable
    Identity identity(JWTClaimsSet claims, long nowMillis) {
        boolean meant = rules.issuer().equals(claims.getIssuer())
                && !Collections.disjoint(rules.audiences(), claims.getAudience());
        Date begin = claims.getNotBeforeTime();
        long skew = rules.clockSkew().toMillis();
        boolean early = begin != null && nowMillis < begin.getTime() - skew;
        if (!meant || early || nowMillis >= endMillis(claims)) {
            return null;
        }
        if (!(find(claims.getClaims(), rules.userClaim()) instanceof String name) || name.isEmpty()) {
            return null;
        }
        String user = rules.userPrefix() + name;
        if (user.equals(ROOT) && !rules.root()) {
            return null;
        }
        return new Identity(user, 0, roles(claims), Identity.Origin.ISSUER);
    }

    /** When the claims hold no longer, with the skew; a token without an end never held. */
    long endMillis(JWTClaimsSet claims) {
        Date end = claims.getExpirationTime();
        return end == null ? Long.MIN_VALUE : end.getTime() + rules.clockSkew().toMillis();
    }

    private List<String> roles(JWTClaimsSet claims) {
        if (rules.rolesClaim().isEmpty()) {
            return List.of();
        }
        List<?> values = switch (find(claims.getClaims(), rules.rolesClaim())) {
            case List<?> list -> list;
            case String words -> Arrays.asList(words.split(" "));
            case null, default -> List.of();
        };
        return values.stream()
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .filter(role -> !role.isEmpty() && (rules.root() || !role.equals(ROOT)))
                .distinct()
                .limit(ROLES_MAX)
                .toList();
    }

    /**
     * The value of a path. Names may have dots themselves: {@code kubernetes.io.pod.name} is {@code name} in {@code pod} in {@code
     * kubernetes.io}.
     */
    private static @Nullable Object find(Map<?, ?> claims, String path) {
        Object whole = claims.get(path);
        if (whole != null) {
            return whole;
        }
        for (int dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1)) {
            if (claims.get(path.substring(0, dot)) instanceof Map<?, ?> inner) {
                Object found = find(inner, path.substring(dot + 1));
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }
}
