package io.quorate.config;

import static io.quorate.config.BadSettingException.check;

import io.quorate.base.SafeUrl;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The outside issuer whose tokens members believe.
 *
 * @param issuer Issuer whose tokens are taken, as their claim iss has it; empty takes none.
 * @param jwks File or https URL with the keys of the issuer; empty asks the issuer itself, whose name is an https URL then.
 * @param audience Names of which a token must have one as its audience.
 * @param userClaim Claim with the name of the user; a path such as `a.b` leads into claims.
 * @param userPrefix What is put before that name, so that it is none of the users of the cluster.
 * @param rolesClaim Claim with the names of roles, such as realm_access.roles; empty takes no roles from tokens.
 * @param root Whether a token may name the user root or grant the role root.
 * @param clockSkew How far the clock of the issuer may be off.
 * @param refresh Age at which keys are fetched anew; at least 10 s. They are fetched as well when a token names an unknown one.
 * @param trustedCaFile Authorities that issued the certificate of the host with the keys; empty means those of the platform.
 * @param bearerTokenFile File with a token to show when keys are fetched, as of a Kubernetes service account; empty shows none.
 */
@ConfigurationProperties("quorate.auth.jwt")
public record IssuerSettings(
        @DefaultValue("") String issuer,
        @DefaultValue("") String jwks,
        @DefaultValue List<String> audience,
        @DefaultValue("sub") String userClaim,
        @DefaultValue("") String userPrefix,
        @DefaultValue("") String rolesClaim,
        @DefaultValue("false") boolean root,
        @DefaultValue("30s") Duration clockSkew,
        @DefaultValue("5m") Duration refresh,
        @DefaultValue("") String trustedCaFile,
        @DefaultValue("") String bearerTokenFile) {

    private static final String PREFIX = "quorate.auth.jwt.";
    private static final Duration SKEW_MAX = Duration.ofMinutes(10);
    private static final Duration REFRESH_MIN = Duration.ofSeconds(10);
    private static final String SAFE =
            "must be an https URL; http is taken on the loopback address only, or whoever is on the way could give his own keys";

    public IssuerSettings {
        audience = List.copyOf(audience);
        check(
                !clockSkew.isNegative() && clockSkew.compareTo(SKEW_MAX) <= 0,
                PREFIX + "clock-skew",
                clockSkew,
                "must be between 0 and 10m");
        check(refresh.compareTo(REFRESH_MIN) >= 0, PREFIX + "refresh", refresh, "must be at least 10s");
        check(!userClaim.isEmpty(), PREFIX + "user-claim", userClaim, "must name a claim");
        if (!issuer.isEmpty()) {
            check(
                    !audience.isEmpty(),
                    PREFIX + "audience",
                    "",
                    "must name an audience, or tokens for others would count");
            check(
                    !jwks.isEmpty() || SafeUrl.isSafe(issuer),
                    PREFIX + "issuer",
                    issuer,
                    SAFE + ". Or set " + PREFIX + "jwks");
            check(!isUrl(jwks) || SafeUrl.isSafe(jwks), PREFIX + "jwks", jwks, SAFE);
        } else {
            check(jwks.isEmpty(), PREFIX + "jwks", jwks, "needs " + PREFIX + "issuer");
        }
    }

    /** Whether tokens of an issuer are taken. */
    public boolean isOn() {
        return !issuer.isEmpty();
    }

    /** Whether the keys are in a file. */
    public boolean isFile() {
        return !jwks.isEmpty() && !isUrl(jwks);
    }

    private static boolean isUrl(String text) {
        return text.contains("://");
    }

    /** A file that cannot be used. */
    public BadSettingException unusable(String setting, String value, String problem) {
        return new BadSettingException(PREFIX + setting, value, problem);
    }
}
