package io.quorate.config;

import static io.quorate.config.BadSettingException.check;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How users log in.
 *
 * @param token What a login gives: "simple" tokens, "jwt" with options as in jwt,sign-method=RS256,priv-key=FILE, or
 *     nothing if empty. Options of jwt are sign-method, priv-key, pub-key and ttl. Equal on all members.
 * @param tokenTtl How long a simple token lives after its last use; 0 means 300 s.
 * @param bcryptCost Work that hashing a password takes, as binary logarithm of the rounds, 4 to 31.
 */
@ConfigurationProperties("quorate.auth")
public record AuthSettings(
        @DefaultValue("simple") String token,
        @DefaultValue("300s") Duration tokenTtl,
        @DefaultValue("10") int bcryptCost) {

    private static final String TOKEN = "quorate.auth.token";
    private static final Duration TTL_DEFAULT = Duration.ofMinutes(5);
    private static final Duration TTL_MAX = Duration.ofDays(36_500);
    private static final int COST_MIN = 4;
    private static final int COST_MAX = 31;

    public AuthSettings {
        try {
            AuthToken.parse(token);
        } catch (IllegalArgumentException bad) {
            throw new BadSettingException(TOKEN, token, String.valueOf(bad.getMessage()));
        }
        check(
                !tokenTtl.isNegative() && tokenTtl.compareTo(TTL_MAX) <= 0,
                "quorate.auth.token-ttl",
                tokenTtl.toSeconds() + "s",
                "must be between 0 and 100 years");
        tokenTtl = tokenTtl.isZero() ? TTL_DEFAULT : tokenTtl;
        check(
                bcryptCost >= COST_MIN && bcryptCost <= COST_MAX,
                "quorate.auth.bcrypt-cost",
                bcryptCost,
                "must be between 4 and 31");
    }

    /** What a login gives. */
    public AuthToken kind() {
        return AuthToken.parse(token);
    }

    /** A key of tokens that cannot be used. */
    public BadSettingException unusable(String problem) {
        return new BadSettingException(TOKEN, token, problem);
    }
}
