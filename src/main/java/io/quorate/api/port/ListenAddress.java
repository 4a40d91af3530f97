package io.quorate.api.port;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import lombok.With;

/**
 * One address the client port listens on, as etcd's {@code --listen-client-urls} and {@code --listen-client-http-urls}
 * name them.
 *
 * @param secure whether connections start with TLS (scheme {@code https})
 * @param host IP literal or name; {@code 0.0.0.0} and {@code ::} mean every interface
 * @param port 0 to 65535; 0 lets the system choose
 * @param protocols what may be spoken here
 */
public record ListenAddress(
        boolean secure, String host, @With int port, Protocols protocols) {

    /** What a listener serves. */
    public enum Protocols {
        /** gRPC and HTTP on the same port, etcd's default. */
        ALL,
        /** gRPC only, because HTTP has listeners of its own. */
        GRPC,
        /** HTTP only. */
        HTTP
    }

    public ListenAddress {
        if (host.isEmpty()) {
            throw new IllegalArgumentException("'host' must not be empty");
        }
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("'port' must be 0 to 65535 but is " + port);
        }
    }

    /**
     * Reads a listen URL such as {@code http://127.0.0.1:2379}.
     *
     * @throws IllegalArgumentException when it is not {@code http} or {@code https}, or lacks host or port
     */
    public static ListenAddress parse(String url, Protocols protocols) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("not a URL: \"" + url + "\"", e);
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException("scheme of \"" + url + "\" must be http or https");
        }
        if (uri.getHost() == null || uri.getPort() < 0) {
            throw new IllegalArgumentException("\"" + url + "\" must have the form scheme://host:port");
        }
        String host = uri.getHost();
        if (host.startsWith("[")) {
            host = host.substring(1, host.length() - 1);
        }
        return new ListenAddress(scheme.equals("https"), host, uri.getPort(), protocols);
    }

    /** Same, for a listener that serves everything. */
    public static ListenAddress parse(String url) {
        return parse(url, Protocols.ALL);
    }

    /** Resolves the host. */
    InetSocketAddress socketAddress() throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(host), port);
    }

    /** The URL form, for logs and errors. */
    @Override
    public String toString() {
        return (secure ? "https://" : "http://") + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
