package io.quorate.identity;

import java.time.Duration;
import java.util.Set;

/**
 * Which tokens of an outside issuer count, and what they say.
 *
 * @param issuer what the claim {@code iss} must be
 * @param audiences of which the claim {@code aud} must have one
 * @param userClaim the claim with the user's name
 * @param userPrefix stands before the name, so that it is none of another user
 * @param rolesClaim the claim with roles, as a path such as {@code realm_access.roles}; empty if they are not taken from tokens
 * @param root whether the issuer may name the user {@code root} and grant the role {@code root}
 * @param clockSkew how far the issuer's clock may be off
 */
public record IssuerRules(
        String issuer,
        Set<String> audiences,
        String userClaim,
        String userPrefix,
        String rolesClaim,
        boolean root,
        Duration clockSkew) {

    public IssuerRules {
        audiences = Set.copyOf(audiences);
    }
}
