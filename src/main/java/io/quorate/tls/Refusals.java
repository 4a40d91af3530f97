package io.quorate.tls;

import io.netty.handler.ssl.OpenSslCertificateException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Why a handshake failed: which alert tells it to the other side, and how it reads in the log. The library takes its alert
 * from a number that comes with the exception; without one it would tell of an internal error.
 */
public final class Refusals {

    // Numbers of X.509 verification, as OpenSSL has them; in brackets the alert that the library makes of it.
    private static final int CERTIFICATE_EXPIRED = 10;
    private static final int UNKNOWN_ISSUER = 20; // unknown_ca
    private static final int CERTIFICATE_REVOKED = 23;
    private static final int REJECTED = 28; // bad_certificate

    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private static final Pattern ALERT = Pattern.compile("ALERT_([A-Z_]+)|fatal alert: (\\w+)");

    /** Alerts about the certificate that this side has shown, or not shown. */
    private static final Pattern ABOUT_THE_CERTIFICATE = Pattern.compile(".*certificate.*|unknown_ca|access_denied");

    private Refusals() {}

    /** A certificate that a rule of the port forbids. */
    static CertificateException revoked(String reason) {
        return new OpenSslCertificateException(reason, CERTIFICATE_REVOKED);
    }

    /** The exception for a chain that is refused, naming whose it is. */
    static CertificateException of(X509Certificate[] chain, CertificateException cause) {
        String whose = chain.length == 0
                ? "the certificate"
                : "the certificate of " + chain[0].getSubjectX500Principal() + ", issued by "
                        + chain[0].getIssuerX500Principal() + ",";
        return new OpenSslCertificateException(whose + " is refused: " + messages(cause), cause, number(cause));
    }

    private static int number(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case OpenSslCertificateException numbered -> {
                    return numbered.errorCode();
                }
                case CertificateExpiredException _, CertificateNotYetValidException _ -> {
                    return CERTIFICATE_EXPIRED;
                }
                case CertPathBuilderException _ -> {
                    return UNKNOWN_ISSUER;
                }
                case CertPathValidatorException path -> {
                    if (path.getReason() == BasicReason.REVOKED) {
                        return CERTIFICATE_REVOKED;
                    }
                    if (path.getReason() == BasicReason.INVALID_SIGNATURE) {
                        return UNKNOWN_ISSUER; // an authority of the same name
                    }
                }
                default -> {} // perhaps one below it says more
            }
        }
        return REJECTED;
    }

    /** What is to be read in the log about a failed handshake, on either side. */
    public static String explain(Throwable failure) {
        Optional<CertificateException> refused = causes(failure)
                .filter(CertificateException.class::isInstance)
                .map(CertificateException.class::cast)
                .findFirst();
        if (refused.isPresent()) {
            return CONTROL.matcher(String.valueOf(refused.get().getMessage())).replaceAll("?");
        }
        String messages = messages(failure);
        Matcher alert = ALERT.matcher(messages);
        if (!alert.find()) {
            return messages;
        }
        String name = Objects.requireNonNullElse(alert.group(1), alert.group(2)).toLowerCase(Locale.ROOT);
        return ABOUT_THE_CERTIFICATE.matcher(name).matches()
                ? "the other side refused the certificate: " + name
                : "the other side ended the handshake: " + name;
    }

    /** What a certificate was refused for is a cause below what the library says. */
    private static String messages(Throwable failure) {
        return causes(failure)
                .map(Throwable::getMessage)
                .filter(Objects::nonNull)
                .distinct()
                .map(message -> CONTROL.matcher(message).replaceAll("?")) // names in certificates are others' choice
                .collect(Collectors.joining(": "));
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause);
    }
}
