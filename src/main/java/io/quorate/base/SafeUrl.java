package io.quorate.base;

import java.net.URI;

/** URLs from which something may be fetched that must not be exchanged on the way. */
public final class SafeUrl {

    private SafeUrl() {}

    /** Whether a URL leads to a host that shows a certificate, or does not leave this machine. */
    public static boolean isSafe(String url) {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException malformed) {
            return false;
        }
        String host = uri.getHost();
        if (host == null || uri.getScheme() == null) {
            return false;
        }
        return switch (uri.getScheme()) {
            case "https" -> true;
            case "http" -> host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]");
            default -> false;
        };
    }
}
