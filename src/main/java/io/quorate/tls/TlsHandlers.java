package io.quorate.tls;

import io.netty.channel.Channel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.net.InetSocketAddress;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;

/**
 * Makes the TLS handlers of new connections in one direction, by OpenSSL where its library can be loaded and by Java
 * elsewhere. Credentials can be exchanged at any time by any thread; connections made from then on see the new ones,
 * established ones stay as they are. Sessions cannot be resumed across a change, because each context has its own cache
 * and ticket keys.
 */
public final class TlsHandlers {

    private enum Direction {
        ACCEPT,
        DIAL
    }

    private final Direction direction;
    private final TlsRules rules;
    private final Handshakes handshakes;
    private volatile SslContext current;

    private TlsHandlers(Direction direction, TlsRules rules, Handshakes handshakes, Credentials first)
            throws UnusableCredentialsException {
        this.direction = direction;
        this.rules = rules;
        this.handshakes = handshakes;
        this.current = context(first);
    }

    /** For connections that others open. */
    public static TlsHandlers accepting(TlsRules rules, Handshakes handshakes, Credentials first)
            throws UnusableCredentialsException {
        return new TlsHandlers(Direction.ACCEPT, rules, handshakes, first);
    }

    /** For connections that this member opens. */
    public static TlsHandlers dialling(TlsRules rules, Handshakes handshakes, Credentials first)
            throws UnusableCredentialsException {
        return new TlsHandlers(Direction.DIAL, rules, handshakes, first);
    }

    /**
     * Exchanges the credentials.
     *
     * @throws UnusableCredentialsException if the library refuses them; those of before stay in use
     */
    public void use(Credentials next) throws UnusableCredentialsException {
        current = context(next);
    }

    /** The handler of an accepted connection; one that is gone already has no address. */
    public SslHandler newHandler(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress remote
                ? newHandler(channel, remote.getAddress().getHostAddress(), remote.getPort())
                : newHandler(channel, "", 0);
    }

    /**
     * The handler of a connection.
     *
     * @param host name or address of the other side; a server that is dialled must have a certificate for it
     */
    public SslHandler newHandler(Channel channel, String host, int port) {
        SslHandler handler = current.newHandler(channel.alloc(), host, port, handshakes.judge());
        handler.setHandshakeTimeoutMillis(rules.handshakeTimeout().toMillis());
        handshakes.follow(handler, host + ":" + port, direction == Direction.ACCEPT);
        return handler;
    }

    private SslContext context(Credentials credentials) throws UnusableCredentialsException {
        boolean openSsl = OpenSsl.isAvailable();
        List<String> suites = rules.enabledCipherSuites();
        SslContextBuilder builder = builder(credentials, openSsl)
                .trustManager(new CheckedTrust(credentials, rules, new AddressRule(AddressRule.PLATFORM)))
                .sslProvider(openSsl ? SslProvider.OPENSSL : SslProvider.JDK)
                .ciphers(suites.isEmpty() ? null : suites)
                .protocols(rules.protocols());
        if (!rules.applicationProtocols().isEmpty()) {
            builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                    ApplicationProtocolConfig.Protocol.ALPN,
                    ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                    ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                    rules.applicationProtocols()));
        }
        try {
            return builder.build();
        } catch (SSLException | IllegalArgumentException e) { // the second for suites that the library does not have
            throw new UnusableCredentialsException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    private SslContextBuilder builder(Credentials credentials, boolean openSsl) {
        return switch (direction) {
            case ACCEPT ->
                SslContextBuilder.forServer(prepared(credentials.accepting(), openSsl))
                        .clientAuth(rules.demandsCertificate() ? ClientAuth.REQUIRE : ClientAuth.NONE);
            case DIAL ->
                SslContextBuilder.forClient()
                        .keyManager(prepared(credentials.dialling(), openSsl))
                        .endpointIdentificationAlgorithm(rules.trustsAnyServer() ? null : "HTTPS");
        };
    }

    /** OpenSSL would else translate key and certificates for every connection. */
    private static KeyManagerFactory prepared(KeyManagerFactory keys, boolean openSsl) {
        return openSsl ? new OpenSslCachingX509KeyManagerFactory(keys) : keys;
    }
}
