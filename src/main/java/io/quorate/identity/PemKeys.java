package io.quorate.identity;

import io.quorate.base.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keys of files in PEM, in all forms that etcd takes: PKCS#8, PKCS#1 and SEC1 for private ones, X.509, PKCS#1 and certificates for
 * public ones. Java reads only the general forms, so the others are put into those.
 */
final class PemKeys {

    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
    private static final HexFormat HEX = HexFormat.of();

    /** The identifiers of algorithms in DER: RSA, and elliptic curves by the bytes of a private number. */
    private static final byte[] RSA = HEX.parseHex("300d06092a864886f70d0101010500");

    private static final byte[] P256 = HEX.parseHex("301306072a8648ce3d020106082a8648ce3d030107");
    private static final byte[] P384 = HEX.parseHex("301006072a8648ce3d020106052b81040022");
    private static final byte[] P521 = HEX.parseHex("301006072a8648ce3d020106052b81040023");

    private static final int SEQUENCE = 0x30;
    private static final int BITS = 0x03;
    private static final int OCTETS = 0x04;
    private static final byte[] VERSION_0 = {0x02, 1, 0};

    private PemKeys() {}

    /** @throws UnusableKeyException if the file holds no private key of the family */
    static PrivateKey privateKey(String file, Bytes content, SigningMethod.Family family) throws UnusableKeyException {
        String text = content.toUtf8();
        for (Matcher block = BLOCK.matcher(text); block.find(); ) {
            String type = block.group(1);
            if (!type.endsWith("PRIVATE KEY")) {
                continue;
            }
            if (type.startsWith("ENCRYPTED") || block.group(2).contains("ENCRYPTED")) {
                throw new UnusableKeyException(file + " holds an encrypted key; only plain ones can be read");
            }
            try {
                byte[] der = general(type, Base64.getMimeDecoder().decode(block.group(2)));
                return factory(family).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (GeneralSecurityException | IllegalArgumentException e) { // no cause: it may quote the key
                throw new UnusableKeyException(file + " holds no usable private key for " + family);
            }
        }
        throw new UnusableKeyException(file + " holds no private key in PEM");
    }

    /** @throws UnusableKeyException if the file holds no public key of the family */
    static PublicKey publicKey(String file, Bytes content, SigningMethod.Family family) throws UnusableKeyException {
        for (Matcher block = BLOCK.matcher(content.toUtf8()); block.find(); ) {
            String type = block.group(1);
            boolean certificate = type.equals("CERTIFICATE");
            if (!certificate && !type.endsWith("PUBLIC KEY")) {
                continue;
            }
            try {
                byte[] der = Base64.getMimeDecoder().decode(block.group(2));
                byte[] key = certificate ? keyOfCertificate(der) : general(type, der);
                return factory(family).generatePublic(new X509EncodedKeySpec(key));
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                throw new UnusableKeyException(file + " holds no usable public key for " + family, e);
            }
        }
        throw new UnusableKeyException(file + " holds no public key in PEM");
    }

    private static byte[] keyOfCertificate(byte[] der) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(der))
                .getPublicKey()
                .getEncoded();
    }

    private static KeyFactory factory(SigningMethod.Family family) throws GeneralSecurityException {
        return KeyFactory.getInstance(
                switch (family) {
                    case RSA -> "RSA";
                    case EC -> "EC";
                    case ED25519 -> "Ed25519";
                    case SECRET -> throw new IllegalStateException("a secret is no key in PEM");
                });
    }

    /** The same key in the form that names its algorithm. */
    private static byte[] general(String type, byte[] der) {
        return switch (type) {
            case "RSA PRIVATE KEY" -> element(SEQUENCE, VERSION_0, RSA, element(OCTETS, der));
            case "EC PRIVATE KEY" -> element(SEQUENCE, VERSION_0, curve(der), element(OCTETS, der));
            case "RSA PUBLIC KEY" -> element(SEQUENCE, RSA, element(BITS, new byte[1], der));
            default -> der;
        };
    }

    /** The curve of a private key in SEC1: a sequence of the version 1 and the number in octets, as many as the curve has. */
    private static byte[] curve(byte[] der) {
        int length = der.length > 1 && der[1] == (byte) 0x81 ? 3 : 2;
        int octets = length + VERSION_0.length;
        if (der.length < octets + 2 || der[octets] != OCTETS) {
            throw new IllegalArgumentException("no SEC1");
        }
        return switch (der[octets + 1]) {
            case 32 -> P256;
            case 48 -> P384;
            case 66 -> P521;
            default -> throw new IllegalArgumentException("another curve");
        };
    }

    private static byte[] element(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(tag);
        if (length >= 0x80) {
            int digits = length < 0x100 ? 1 : 2;
            all.write(0x80 | digits);
            if (digits == 2) {
                all.write(length >> 8);
            }
        }
        all.write(length);
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
