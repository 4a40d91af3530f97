package io.quorate.tls;

import io.netty.util.NetUtil;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/**
 * Makes keys with self-signed certificates (RFC 5280, section 4.1), as etcd's automatic TLS does: they encrypt,
 * but do not prove the identity of the other end.
 */
public final class SelfSigned {

    private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
    private static final String KEY_USAGE = "2.5.29.15";
    private static final String ALTERNATIVE_NAMES = "2.5.29.17";
    private static final String EXTENDED_KEY_USAGE = "2.5.29.37";
    private static final String SERVER = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT = "1.3.6.1.5.5.7.3.2";

    private static final BigInteger VERSION_3 = BigInteger.TWO;
    private static final int SERIAL_BITS = 127;
    private static final byte DIGITAL_SIGNATURE = (byte) 0x80;
    private static final int DNS_NAME = 2;
    private static final int ADDRESS = 7;

    private SelfSigned() {}

    /**
     * Makes one, for both ends of connections.
     *
     * @param hosts names and addresses that it is for
     * @param from when it begins to hold
     * @param validity how long it holds
     */
    public static Identity create(List<String> hosts, Instant from, Duration validity) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair keys = generator.generateKeyPair();
            byte[] algorithm = Der.sequence(Der.identifier(ECDSA_WITH_SHA256));
            byte[] content =
                    content(hosts, Der.sequence(Der.time(from), Der.time(from.plus(validity))), algorithm, keys);
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            signature.update(content);
            byte[] certificate = Der.sequence(content, algorithm, Der.bits(0, signature.sign()));
            return new Identity(keys.getPrivate(), List.of(parsed(certificate)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot make certificates", e);
        }
    }

    private static byte[] content(List<String> hosts, byte[] validity, byte[] algorithm, KeyPair keys) {
        byte[] name = new X500Principal("O=quorate").getEncoded();
        return Der.sequence(
                Der.explicit(0, Der.integer(VERSION_3)),
                Der.integer(new BigInteger(SERIAL_BITS, new SecureRandom()).add(BigInteger.ONE)),
                algorithm,
                name,
                validity,
                name,
                keys.getPublic().getEncoded(),
                Der.explicit(
                        3,
                        Der.sequence(
                                extension(KEY_USAGE, Der.bits(7, new byte[] {DIGITAL_SIGNATURE})),
                                extension(
                                        EXTENDED_KEY_USAGE,
                                        Der.sequence(Der.identifier(SERVER), Der.identifier(CLIENT))),
                                extension(ALTERNATIVE_NAMES, names(hosts)))));
    }

    private static byte[] extension(String identifier, byte[] value) {
        return Der.sequence(Der.identifier(identifier), Der.octets(value));
    }

    private static byte[] names(List<String> hosts) {
        return Der.sequence(hosts.stream().distinct().map(SelfSigned::name).toArray(byte[][]::new));
    }

    private static byte[] name(String host) {
        byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
        return address == null ? Der.implicit(DNS_NAME, Der.ascii(host)) : Der.implicit(ADDRESS, address);
    }

    private static X509Certificate parsed(byte[] certificate) throws GeneralSecurityException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate));
    }
}
