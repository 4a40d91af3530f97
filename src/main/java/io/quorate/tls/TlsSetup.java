package io.quorate.tls;

import io.netty.handler.ssl.ApplicationProtocolNames;
import io.quorate.base.Bytes;
import io.quorate.base.MonotonicClock;
import io.quorate.config.BadSettingException;
import io.quorate.config.CredentialOrigin;
import io.quorate.config.PortSecurity;
import io.quorate.config.SecuritySettings;
import io.quorate.config.TlsSettings;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslOptions;

/** Turns settings into the TLS of a port, and sees to it that changed keys and authorities are used. */
@Slf4j
@RequiredArgsConstructor
public final class TlsSetup {

    private final SecuritySettings settings;
    private final SslBundles bundles;
    private final MonotonicClock clock;

    /** gRPC and JSON on one port, for clients. */
    public SecuredPort clients(List<String> hosts) {
        TlsRules rules = rules(settings.clients())
                .applicationProtocols(List.of(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1))
                .build();
        return secure(new Port("client", settings.clients(), hosts, false), rules);
    }

    /** Both directions, for members. */
    public SecuredPort peers(List<String> hosts) {
        TlsRules rules = rules(settings.peers())
                .applicationProtocols(List.of())
                .trustsAnyServer(settings.peers().origin() instanceof CredentialOrigin.Automatic)
                .build();
        return secure(new Port("peer", settings.peers(), hosts, true), rules);
    }

    private TlsRules.TlsRulesBuilder rules(PortSecurity security) {
        TlsSettings tls = settings.tls();
        if (security.isConfigured() && !tls.cipherSuites().isEmpty()) {
            checkKnown(tls.cipherSuites());
        }
        return TlsRules.builder()
                .handshakeTimeout(TlsRules.HANDSHAKE_TIMEOUT)
                .protocols(tls.protocols())
                .cipherSuites(tls.cipherSuites())
                .demandsCertificate(security.demandsCertificate())
                .allowedNames(Set.copyOf(security.allowedNames()))
                .allowedHostnames(Set.copyOf(security.allowedHostnames()))
                .checksAddress(security.checksAddress());
    }

    private static void checkKnown(List<String> suites) {
        Set<String> known = TlsRules.knownCipherSuites();
        for (String suite : suites) {
            if (!known.contains(suite)) {
                throw new BadSettingException("quorate.cipher-suites", suite, "is not known here");
            }
        }
    }

    /** What is to be secured. */
    private record Port(String name, PortSecurity security, List<String> hosts, boolean dials) {}

    private SecuredPort secure(Port port, TlsRules rules) {
        Handshakes handshakes = new Handshakes(port.name(), clock);
        try {
            return switch (port.security().origin()) {
                case CredentialOrigin.None none -> new SecuredPort(null, null, handshakes, List.of());
                case CredentialOrigin.Files files -> fromFiles(port, rules, handshakes, files);
                case CredentialOrigin.Bundle bundle -> fromBundle(port, rules, handshakes, bundle.name());
                case CredentialOrigin.Automatic automatic -> automatic(port, rules, handshakes);
            };
        } catch (UnusableCredentialsException e) {
            throw port.security().unusable(String.valueOf(e.getMessage()), e.file());
        } catch (NoSuchSslBundleException e) {
            throw port.security().unusable(String.valueOf(e.getMessage()), null);
        }
    }

    private SecuredPort fromFiles(Port port, TlsRules rules, Handshakes handshakes, CredentialOrigin.Files files)
            throws UnusableCredentialsException {
        Map<Path, Bytes> contents = FollowedFiles.read(files.paths());
        Handlers handlers = handlers(port, rules, handshakes, PemCredentials.of(files, contents));
        FollowedFiles followed = new FollowedFiles(
                port.name() + " port", contents, changed -> handlers.use(PemCredentials.of(files, changed)), clock);
        return handlers.with(handshakes, List.of(followed));
    }

    private SecuredPort fromBundle(Port port, TlsRules rules, Handshakes handshakes, String name)
            throws UnusableCredentialsException {
        SslBundle bundle = bundles.getBundle(name);
        Handlers handlers = handlers(port, withOptions(rules, bundle.getOptions()), handshakes, credentials(bundle));
        bundles.addBundleUpdateHandler(name, changed -> {
            try {
                handlers.use(credentials(changed));
                log.info("{} port: the changed bundle '{}' is in use for new connections", port.name(), name);
            } catch (UnusableCredentialsException e) {
                log.warn(
                        "{} port: the changed bundle '{}' cannot be used, that of before stays in use: {}",
                        port.name(),
                        name,
                        e.getMessage());
            }
        });
        return handlers.with(handshakes, List.of());
    }

    /** What the bundle says about versions and suites is more specific than the settings of the member. */
    private static TlsRules withOptions(TlsRules rules, SslOptions options) {
        String[] protocols = options.getEnabledProtocols();
        String[] suites = options.getCiphers();
        return rules.withProtocols(protocols == null ? rules.protocols() : List.of(protocols))
                .withCipherSuites(suites == null ? rules.cipherSuites() : List.of(suites));
    }

    private static Credentials credentials(SslBundle bundle) throws UnusableCredentialsException {
        KeyManagerFactory keys = bundle.getManagers().getKeyManagerFactory();
        Identity.check(keys);
        return new Credentials(keys, keys, Authorities.in(bundle.getManagers().getTrustManagerFactory()), List.of());
    }

    private SecuredPort automatic(Port port, TlsRules rules, Handshakes handshakes)
            throws UnusableCredentialsException {
        log.warn(
                "{} port: TLS with a self-signed certificate; others cannot verify the identity of this member",
                port.name());
        KeyManagerFactory keys = SelfSigned.create(
                        port.hosts(), Instant.now(), settings.tls().selfSignedValidity())
                .keyManagers();
        Credentials credentials = new Credentials(keys, keys, Authorities.of(List.of()), List.of());
        return handlers(port, rules, handshakes, credentials).with(handshakes, List.of());
    }

    private static Handlers handlers(Port port, TlsRules rules, Handshakes handshakes, Credentials first)
            throws UnusableCredentialsException {
        TlsHandlers accepting = TlsHandlers.accepting(rules, handshakes, first);
        return new Handlers(
                accepting, port.dials() ? List.of(TlsHandlers.dialling(rules, handshakes, first)) : List.of());
    }

    /** The handlers of a port; none that dials on that of clients. */
    private record Handlers(TlsHandlers accepting, List<TlsHandlers> dialling) {

        void use(Credentials next) throws UnusableCredentialsException {
            accepting.use(next);
            for (TlsHandlers each : dialling) {
                each.use(next);
            }
        }

        SecuredPort with(Handshakes handshakes, List<FollowedFiles> followed) {
            return new SecuredPort(accepting, dialling.isEmpty() ? null : dialling.getFirst(), handshakes, followed);
        }
    }

    /**
     * The TLS of one port.
     *
     * @param accepting for connections that others open; null if there is only clear text
     * @param dialling for those this member opens; null if there are none
     * @param handshakes counts those that fail
     * @param followed the files that it depends on
     */
    public record SecuredPort(
            @Nullable TlsHandlers accepting,
            @Nullable TlsHandlers dialling,
            Handshakes handshakes,
            List<FollowedFiles> followed) {}
}
