package io.quorate.identity;

import java.util.List;

/**
 * The identity of a caller.
 *
 * @param user the name
 * @param revision the auth revision under which the identity was made; 0 stands for whatever is current
 * @param roles those that an outside issuer granted; empty otherwise
 * @param origin where the identity comes from
 */
public record Identity(String user, long revision, List<String> roles, Origin origin) {

    /** Where an identity comes from. */
    public enum Origin {
        /** A login with a password. */
        TOKEN,
        /** The common name of a client's certificate. */
        CERTIFICATE,
        /** A token of an outside issuer. */
        ISSUER,
        /** This member itself. */
        MEMBER
    }

    public Identity {
        roles = List.copyOf(roles);
    }
}
