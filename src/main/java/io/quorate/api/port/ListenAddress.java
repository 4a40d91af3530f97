package io.quorate.api.port;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Locale;
import lombok.With;

/**
 * One address the client port listens on, as etcd's {@code --listen-client-urls}, {@code --listen-client-http-urls} and
 * {@code --listen-metrics-urls} name them.
 *
 * @param secure whether connections start with TLS (schemes {@code https} and {@code unixs})
 * @param host IP literal or name; {@code 0.0.0.0} and {@code ::} mean every interface; of a socket file its path
 * @param port 0 to 65535; 0 lets the system choose, and is that of a socket file
 * @param protocols what may be spoken here
 * @param socketFile whether it is a file (schemes {@code unix} and {@code unixs})
 */
public record ListenAddress(
        boolean secure, String host, @With int port, Protocols protocols, boolean socketFile) {

    /** What a listener serves. */
    public enum Protocols {
        /** gRPC and HTTP on the same port, etcd's default. */
        ALL,
        /** gRPC only, because HTTP has listeners of its own. */
        GRPC,
        /** HTTP only. */
        HTTP,
        /** Only the pages about the member: health, version and metrics, over HTTP. */
        PAGES
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
     * Reads a listen URL such as {@code http://127.0.0.1:2379} or {@code unix:///run/quorate}.
     *
     * @throws IllegalArgumentException when it has another scheme, or lacks host or port
     */
    public static ListenAddress parse(String url, Protocols protocols) {
        int separator = url.indexOf("://");
        String scheme = separator < 0 ? "" : url.substring(0, separator).toLowerCase(Locale.ROOT);
        return switch (scheme) {
            case "http", "https" -> hostAndPort(url, scheme.equals("https"), protocols);
            case "unix", "unixs" ->
                new ListenAddress(scheme.equals("unixs"), url.substring(separator + 3), 0, protocols, true);
            default ->
                throw new IllegalArgumentException("scheme of \"" + url + "\" must be http, https, unix or unixs");
        };
    }

    private static ListenAddress hostAndPort(String url, boolean secure, Protocols protocols) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("not a URL: \"" + url + "\"", e);
        }
        if (uri.getHost() == null || uri.getPort() < 0) {
            throw new IllegalArgumentException("\"" + url + "\" must have the form scheme://host:port");
        }
        String host = uri.getHost();
        if (host.startsWith("[")) {
            host = host.substring(1, host.length() - 1);
        }
        return new ListenAddress(secure, host, uri.getPort(), protocols, false);
    }

    /** Same, for a listener that serves everything. */
    public static ListenAddress parse(String url) {
        return parse(url, Protocols.ALL);
    }

    /** Whether one socket can serve both: they are at the same place, which the system does not choose. */
    boolean sharesSocketWith(ListenAddress other) {
        return socketFile == other.socketFile
                && host.equals(other.host)
                && port == other.port
                && (socketFile || port != 0);
    }

    /** Resolves the host. */
    SocketAddress socketAddress() throws UnknownHostException {
        return socketFile
                ? EventLoops.unixAddress(Path.of(host))
                : new InetSocketAddress(InetAddress.getByName(host), port);
    }

    /** The URL form, for logs and errors. */
    @Override
    public String toString() {
        if (socketFile) {
            return (secure ? "unixs://" : "unix://") + host;
        }
        return (secure ? "https://" : "http://") + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /** Another process (or another listener of this one) already has an address the client port was told to listen on. */
    public static final class ListenAddressInUseException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient ListenAddress address;

        public ListenAddressInUseException(ListenAddress address, Throwable cause) {
            super("address " + address + " is already in use", cause);
            this.address = address;
        }

        /** The address that is taken. */
        public ListenAddress address() {
            return address;
        }
    }
}
