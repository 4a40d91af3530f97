package io.quorate.node.transport;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where a member can be dialled.
 *
 * @param host name, resolved anew for each connection, or IP address without brackets
 * @param port 1 to 65535
 * @param secure whether the connection starts with TLS
 */
public record PeerAddress(String host, int port, boolean secure) {

    /**
     * Reads an advertised peer URL.
     *
     * @throws IllegalArgumentException if it is none that can be dialled
     */
    public static PeerAddress of(String url) {
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

    @Override
    public String toString() {
        return (secure ? "https://" : "http://") + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
