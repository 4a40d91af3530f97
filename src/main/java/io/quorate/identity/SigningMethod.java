package io.quorate.identity;

import java.util.Arrays;
import java.util.Optional;

/** How a token is signed, by the names that etcd and RFC 7518 use. */
public enum SigningMethod {
    RS256(Family.RSA, "", 0),
    RS384(Family.RSA, "", 0),
    RS512(Family.RSA, "", 0),
    PS256(Family.RSA, "", 0),
    PS384(Family.RSA, "", 0),
    PS512(Family.RSA, "", 0),
    ES256(Family.EC, "secp256r1", 0),
    ES384(Family.EC, "secp384r1", 0),
    ES512(Family.EC, "secp521r1", 0),
    HS256(Family.SECRET, "", 32),
    HS384(Family.SECRET, "", 48),
    HS512(Family.SECRET, "", 64),
    EDDSA(Family.ED25519, "", 0);

    /** What kind of key it takes. */
    public enum Family {
        RSA,
        EC,
        ED25519,
        /** One secret that signs and verifies. */
        SECRET
    }

    private final Family family;
    private final String curve;
    private final int secretBytes;

    SigningMethod(Family family, String curve, int secretBytes) {
        this.family = family;
        this.curve = curve;
        this.secretBytes = secretBytes;
    }

    /** The method of a name, which is written as in a token: {@code RS256}, {@code EdDSA}. */
    public static Optional<SigningMethod> named(String name) {
        return Arrays.stream(values())
                .filter(method -> method.algorithm().equals(name))
                .findFirst();
    }

    /** The name in the header of a token. */
    public String algorithm() {
        return this == EDDSA ? "EdDSA" : name();
    }

    public Family family() {
        return family;
    }

    /** The curve of a key of the family {@code EC}; empty for others. */
    String curve() {
        return curve;
    }

    /** How long a secret should be, in bytes; 0 for other families. */
    int secretBytes() {
        return secretBytes;
    }
}
