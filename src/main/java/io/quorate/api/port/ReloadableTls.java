package io.quorate.api.port;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.quorate.api.port.ClientPortOptions.ClientCertificates;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import lombok.extern.slf4j.Slf4j;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * The TLS context of new connections. It follows its SSL bundle: when keys or CAs change, connections made from then on
 * see the new ones (etcd rereads keys only); established connections stay as they are.
 *
 * <p>A bundle that cannot be used leaves the previous context in place. Sessions cannot be resumed across a change,
 * because each context has its own cache and ticket keys.
 */
@Slf4j
final class ReloadableTls {

    private final ClientCertificates clientCertificates;
    private final AtomicReference<SslContext> current = new AtomicReference<>();

    ReloadableTls(SslBundles bundles, String bundleName, ClientCertificates clientCertificates) {
        this.clientCertificates = clientCertificates;
        try {
            current.set(build(bundles.getBundle(bundleName)));
        } catch (SSLException e) {
            throw new IllegalStateException("SSL bundle '" + bundleName + "' cannot secure the client port", e);
        }
        bundles.addBundleUpdateHandler(bundleName, changed -> reload(bundleName, changed));
    }

    SslContext context() {
        return current.get();
    }

    private void reload(String bundleName, SslBundle changed) {
        try {
            current.set(build(changed));
            log.info("Client port uses the changed SSL bundle '{}'", bundleName);
        } catch (SSLException | RuntimeException e) {
            log.error("Changed SSL bundle '{}' is unusable, the client port keeps the previous one", bundleName, e);
        }
    }

    private SslContext build(SslBundle bundle) throws SSLException {
        SslContextBuilder builder = SslContextBuilder.forServer(
                        bundle.getManagers().getKeyManagerFactory())
                .trustManager(bundle.getManagers().getTrustManagerFactory())
                .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK)
                .clientAuth(clientAuth())
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_2,
                        ApplicationProtocolNames.HTTP_1_1));
        String[] ciphers = bundle.getOptions().getCiphers();
        builder.ciphers(ciphers == null ? null : List.of(ciphers), SupportedCipherSuiteFilter.INSTANCE);
        String[] protocols = bundle.getOptions().getEnabledProtocols();
        return builder.protocols(protocols == null ? new String[] {"TLSv1.3", "TLSv1.2"} : protocols)
                .build();
    }

    private ClientAuth clientAuth() {
        return switch (clientCertificates) {
            case NONE -> ClientAuth.NONE;
            case OPTIONAL -> ClientAuth.OPTIONAL;
            case REQUIRED -> ClientAuth.REQUIRE;
        };
    }
}
