package io.quorate.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a member listens or can be reached: {@code http://host:port}, {@code https://host:port}, or a socket file with
 * {@code unix://path} or {@code unixs://path}.
 *
 * <p>As in etcd the port must be written, and there is no path, query or user in the first two forms. Two URLs are
 * equal if they were written alike: member ids derive from the text, so nothing is normalised except the case of the
 * scheme.
 *
 * @param scheme how to talk
 * @param host name or address, IPv6 without its brackets; the socket file for the unix schemes
 * @param port 0 to 65535, where 0 lets the system choose when listening; always 0 for the unix schemes
 */
public record MemberUrl(Scheme scheme, String host, int port) {

    private static final Pattern SHAPE = Pattern.compile("([A-Za-z]+)://(.*)");
    private static final Pattern AUTHORITY = Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[^\\[\\]:/?#@\\s]*):(\\d{1,5})");
    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9A-Fa-f.%]*:[0-9A-Fa-f:.%]*");
    private static final int PORT_MAX = 65_535;

    /** The four transports of etcd. */
    public enum Scheme {
        HTTP,
        HTTPS,
        UNIX,
        UNIXS;

        public boolean isTls() {
            return this == HTTPS || this == UNIXS;
        }

        public boolean isSocketFile() {
            return this == UNIX || this == UNIXS;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Reads a URL; also what the binding of properties calls to convert text.
     *
     * @throws BadUrlException if the text has another form
     */
    public static MemberUrl of(String text) {
        String url = text.strip();
        Matcher shape = SHAPE.matcher(url);
        if (!shape.matches()) {
            throw new BadUrlException(text, "it must look like http://host:port");
        }
        Scheme scheme = scheme(shape.group(1), text);
        String rest = shape.group(2);
        return scheme.isSocketFile() ? socketFile(scheme, rest, text) : hostAndPort(scheme, rest, text);
    }

    private static Scheme scheme(String name, String text) {
        for (Scheme scheme : Scheme.values()) {
            if (scheme.name().equalsIgnoreCase(name)) {
                return scheme;
            }
        }
        throw new BadUrlException(text, "the scheme must be http, https, unix or unixs");
    }

    private static MemberUrl socketFile(Scheme scheme, String path, String text) {
        if (path.isEmpty()) {
            throw new BadUrlException(text, "the path of the socket file is missing");
        }
        return new MemberUrl(scheme, path, 0);
    }

    private static MemberUrl hostAndPort(Scheme scheme, String rest, String text) {
        if (rest.contains("/") || rest.contains("?") || rest.contains("#")) {
            throw new BadUrlException(text, "nothing may follow the port");
        }
        Matcher authority = AUTHORITY.matcher(rest);
        if (!authority.matches()) {
            throw new BadUrlException(text, "host and port must be written as host:port");
        }
        int port = Integer.parseInt(authority.group(2));
        if (port > PORT_MAX) {
            throw new BadUrlException(text, "the port must be at most " + PORT_MAX);
        }
        String host = authority.group(1);
        boolean bracketed = host.startsWith("[");
        return new MemberUrl(scheme, bracketed ? host.substring(1, host.length() - 1) : host, port);
    }

    /** Whether a listener can be bound to it: an IP address or {@code localhost}, never a name that has to be resolved. */
    public boolean isBindable() {
        return scheme.isSocketFile()
                || host.equals("localhost")
                || ADDRESS.matcher(host).matches();
    }

    /** Whether others can be told to use it. */
    public boolean isReachable() {
        return !host.isEmpty();
    }

    /** Whether both name one listener, in clear text and with TLS; a port that the system chooses is none of another. */
    boolean isAtSamePlaceAs(MemberUrl other) {
        boolean chosenBySystem = port == 0 && !scheme.isSocketFile();
        return scheme.isSocketFile() == other.scheme.isSocketFile()
                && host.equals(other.host)
                && port == other.port
                && !chosenBySystem;
    }

    /** Written out: for the one that a record has, the virtual machine would put code together in every start. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof MemberUrl url && scheme == url.scheme && port == url.port && host.equals(url.host);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * scheme.hashCode() + host.hashCode()) + port;
    }

    @Override
    public String toString() {
        if (scheme.isSocketFile()) {
            return scheme + "://" + host;
        }
        return scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
