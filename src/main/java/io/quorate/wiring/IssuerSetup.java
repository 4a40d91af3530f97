package io.quorate.wiring;

import io.quorate.base.MonotonicClock;
import io.quorate.config.IssuerProperties;
import io.quorate.identity.HttpKeySource;
import io.quorate.identity.IssuerRules;
import io.quorate.identity.KeySource;
import io.quorate.identity.OutsideIssuer;
import io.quorate.identity.WorkPool;
import io.quorate.tls.Authorities;
import io.quorate.tls.UnusableCredentialsException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.pem.PemContent;

/** An outside issuer as the settings describe it. What they name must be there at start; the issuer itself need not. */
final class IssuerSetup {

    private static final int BYTES_MAX = 1 << 20;

    private IssuerSetup() {}

    /** @throws io.quorate.config.BadSettingException if a file that is named cannot be used */
    static OutsideIssuer of(IssuerProperties settings, WorkPool verifying, WorkPool fetching, MonotonicClock clock) {
        IssuerRules rules = new IssuerRules(
                settings.issuer(),
                Set.copyOf(settings.audience()),
                settings.userClaim(),
                settings.userPrefix(),
                settings.rolesClaim(),
                settings.root(),
                settings.clockSkew());
        return new OutsideIssuer(
                rules,
                source(settings),
                settings.refresh(),
                new OutsideIssuer.Means(verifying, fetching, InstantSource.system(), clock));
    }

    private static KeySource source(IssuerProperties settings) {
        if (settings.isFile()) {
            Path file = Path.of(settings.jwks());
            checkReadable(settings, "jwks", settings.jwks());
            return () -> read(file);
        }
        Path bearer = null;
        if (!settings.bearerTokenFile().isEmpty()) {
            checkReadable(settings, "bearer-token-file", settings.bearerTokenFile());
            bearer = Path.of(settings.bearerTokenFile());
        }
        return new HttpKeySource(new HttpKeySource.Place(settings.issuer(), settings.jwks(), bearer), trust(settings));
    }

    private static void checkReadable(IssuerProperties settings, String setting, String file) {
        if (!Files.isReadable(Path.of(file))) {
            throw settings.unusable(setting, file, "is no file that can be read");
        }
    }

    private static String read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(BYTES_MAX + 1);
            if (bytes.length > BYTES_MAX) {
                throw new IOException(file + " is larger than " + BYTES_MAX + " bytes");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private static Supplier<SSLContext> trust(IssuerProperties settings) {
        String file = settings.trustedCaFile();
        TrustManager[] authorities = file.isEmpty() ? null : authorities(settings, file);
        return () -> context(authorities);
    }

    private static TrustManager[] authorities(IssuerProperties settings, String file) {
        try {
            return new TrustManager[] {
                Authorities.of(PemContent.of(read(Path.of(file))).getCertificates())
            };
        } catch (IOException | IllegalStateException | UnusableCredentialsException e) {
            throw settings.unusable(
                    "trusted-ca-file", file, "holds no certificates that can be read: " + e.getMessage());
        }
    }

    private static SSLContext context(TrustManager @Nullable [] authorities) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, authorities, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }
}
