package io.quorate.tls;

import io.quorate.base.Bytes;
import io.quorate.config.CredentialOrigin;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import org.springframework.boot.ssl.pem.PemContent;

/**
 * Makes credentials of the content of files in PEM. Strict: a file that ends in the middle is refused, so that one that is
 * that is being written does not pass for a shorter one.
 */
public final class PemCredentials {

    private static final String BEGIN = "-----BEGIN ";
    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
    private static final String CERTIFICATE = "CERTIFICATE";

    private final Map<Path, Bytes> contents;

    private PemCredentials(Map<Path, Bytes> contents) {
        this.contents = contents;
    }

    /** @throws UnusableCredentialsException naming the file that cannot be used */
    public static Credentials of(CredentialOrigin.Files files, Map<Path, Bytes> contents)
            throws UnusableCredentialsException {
        PemCredentials read = new PemCredentials(contents);
        KeyManagerFactory accepting = read.keys(files.certificate(), files.key());
        KeyManagerFactory dialling =
                files.dialKey().isEmpty() ? accepting : read.keys(files.dialCertificate(), files.dialKey());
        List<X509Certificate> authorities =
                files.authorities().isEmpty() ? List.of() : read.certificates(files.authorities());
        List<X509CRL> revoked = files.revocations().isEmpty() ? List.of() : read.revocations(files.revocations());
        return new Credentials(accepting, dialling, Authorities.of(authorities), revoked);
    }

    /**
     * The certificates in a file.
     *
     * @throws UnusableCredentialsException if it has none, or one that cannot be read
     * @throws IOException if the file cannot be read
     */
    public static List<X509Certificate> authorities(Path file) throws IOException, UnusableCredentialsException {
        Bytes content = Bytes.wrap(Files.readAllBytes(file));
        return new PemCredentials(Map.of(file, content)).certificates(file.toString());
    }

    private KeyManagerFactory keys(String certificateFile, String keyFile) throws UnusableCredentialsException {
        Identity identity = new Identity(key(keyFile), certificates(certificateFile));
        try {
            return identity.keyManagers();
        } catch (UnusableCredentialsException e) {
            throw new UnusableCredentialsException(
                    keyFile, certificateFile + ", " + keyFile + ": " + e.getMessage(), e);
        }
    }

    private PrivateKey key(String file) throws UnusableCredentialsException {
        try {
            PrivateKey key = PemContent.of(text(file)).getPrivateKey();
            if (key != null) {
                return key;
            }
        } catch (IllegalStateException | IllegalArgumentException e) { // what Boot says about keys it cannot read
            throw new UnusableCredentialsException(file, file + " holds no usable private key: " + e.getMessage(), e);
        }
        throw new UnusableCredentialsException(file, file + " holds no private key", null);
    }

    private List<X509Certificate> certificates(String file) throws UnusableCredentialsException {
        List<X509Certificate> found = new ArrayList<>();
        String text = text(file);
        int blocks = 0;
        for (Matcher block = BLOCK.matcher(text); block.find(); blocks++) {
            if (block.group(1).equals(CERTIFICATE)) {
                found.add(certificate(file, block.group(2)));
            }
        }
        if (blocks != text.split(BEGIN, -1).length - 1) {
            throw new UnusableCredentialsException(file, file + " ends in the middle of a block", null);
        }
        if (found.isEmpty()) {
            throw new UnusableCredentialsException(file, file + " holds no certificate", null);
        }
        return found;
    }

    private static X509Certificate certificate(String file, String base64) throws UnusableCredentialsException {
        try {
            byte[] der = Base64.getMimeDecoder().decode(base64);
            return (X509Certificate) factory().generateCertificate(new ByteArrayInputStream(der));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new UnusableCredentialsException(file, file + " holds a broken certificate: " + e.getMessage(), e);
        }
    }

    private List<X509CRL> revocations(String file) throws UnusableCredentialsException {
        try {
            return factory().generateCRLs(new ByteArrayInputStream(content(file).unwrap())).stream()
                    .map(X509CRL.class::cast)
                    .toList();
        } catch (GeneralSecurityException e) {
            throw new UnusableCredentialsException(file, file + " is no list of revocations: " + e.getMessage(), e);
        }
    }

    private static CertificateFactory factory() throws CertificateException {
        return CertificateFactory.getInstance("X.509");
    }

    private String text(String file) {
        return content(file).toUtf8();
    }

    private Bytes content(String file) {
        Bytes content = contents.get(Path.of(file));
        if (content == null) {
            throw new IllegalStateException("not read: " + file);
        }
        return content;
    }
}
