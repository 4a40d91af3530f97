package io.quorate.node.transport;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a member can be dialled, or listens.
 *
 * @param host name, resolved anew for each connection, or IP address without brackets; of a socket file its path
 * @param port 1 to 65535; 0 of a socket file, and to listen where the system chooses
 * @param secure whether the connection starts with TLS
 * @param socketFile whether it is a file
 */
public record PeerAddress(String host, int port, boolean secure, boolean socketFile) {

    private static final Pattern SOCKET_FILE = Pattern.compile("(?i)unix(s?)://(.+)");

    /** A host and a port. */
    public PeerAddress(String host, int port, boolean secure) {
        this(host, port, secure, false);
    }

    /**
     * Reads an advertised peer URL.
     *
     * @throws IllegalArgumentException if it is none that can be dialled
     */
    public static PeerAddress of(String url) {
        Matcher file = SOCKET_FILE.matcher(url);
        if (file.matches()) {
            return new PeerAddress(file.group(2), 0, !file.group(1).isEmpty(), true);
        }
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("no URL: " + url, e);
        }
        String scheme = uri.getScheme();
        boolean secure = "https".equalsIgnoreCase(scheme);
        String host = uri.getHost();
        if (host == null || uri.getPort() <= 0 || !(secure || "http".equalsIgnoreCase(scheme))) {
            throw new IllegalArgumentException("not of the form http://host:port: " + url);
        }
        return new PeerAddress(
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host, uri.getPort(), secure);
    }

    /** What a certificate must be for; of a socket file that is named like a host and a port, the host. */
    String certifiedHost() {
        return socketFile ? host.replaceFirst(":\\d+$", "") : host;
    }

    @Override
    public String toString() {
        if (socketFile) {
            return (secure ? "unixs://" : "unix://") + host;
        }
        return (secure ? "https://" : "http://") + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
