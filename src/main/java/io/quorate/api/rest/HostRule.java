package io.quorate.api.rest;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which hosts a request to a port for operators may name. A page that a browser shows can point a name of its own at this
 * address and then read what the port tells; the browser still says that name. So only names pass that no such page can
 * have: addresses, names without a dot or of a kind that cannot be registered, and the names of the member itself.
 */
public final class HostRule {

    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    /** What the public system of names keeps free. */
    private static final Set<String> PRIVATE_ENDS =
            Set.of("localhost", "local", "internal", "svc", "test", "lan", "arpa");

    private final Set<String> names;

    /** @param names in lower case; a star for all */
    public HostRule(Set<String> names) {
        this.names = Set.copyOf(names);
    }

    /** Whether a request may name this host, with or without a port; one that names none is no browser's. */
    public boolean allows(@Nullable String field) {
        if (field == null || field.isEmpty()) {
            return true;
        }
        String host = withoutPort(field).toLowerCase(Locale.ROOT);
        if (host.endsWith(".")) {
            host = host.substring(0, host.length() - 1);
        }
        return host.startsWith("[")
                || IPV4.matcher(host).matches()
                || PRIVATE_ENDS.contains(host.substring(host.lastIndexOf('.') + 1))
                || host.indexOf('.') < 0
                || names.contains(host);
    }

    private static String withoutPort(String field) {
        int colon = field.lastIndexOf(':');
        return colon > field.lastIndexOf(']') ? field.substring(0, colon) : field;
    }
}
