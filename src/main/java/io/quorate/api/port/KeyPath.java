package io.quorate.api.port;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Paths that end with a key. A key may be any bytes, slashes and dots among them, and a servlet container changes or refuses many such
 * paths. So everything behind a known prefix becomes one segment before Tomcat sees it: a tilde, and what was sent, percent-decoded, in
 * base64.
 *
 * <p>Example: {@code /api/v1/keys//a%2Fb} is the key {@code /a/b} and becomes {@code /api/v1/keys/~L2EvYg}.
 */
public final class KeyPath {

    private static final List<String> PREFIXES = List.of(
            "/api/v1/keys/",
            "/api/v1/tree/",
            "/api/v1/history/",
            "/api/v1/watch/",
            "/api/v1/locks/",
            "/api/v1/elections/");
    private static final char MARK = '~';
    private static final String UNREADABLE = "~~";
    private static final int HEX = 16;

    /** As many as a prefix has. */
    private static final int PLAIN_SEGMENTS = 3;

    private KeyPath() {}

    /** Whether a path ends with a key. */
    public static boolean isOne(String path) {
        return PREFIXES.stream().anyMatch(path::startsWith);
    }

    /**
     * Whether the first three segments of a path are what they seem. A servlet container reads {@code /api/v1/%6beys} and {@code
     * /api/v1/keys;a=b} as {@code /api/v1/keys}; with these, a client could write the form for Tomcat itself.
     */
    public static boolean isPlain(String path) {
        int slashes = 0;
        for (int i = 0; i < path.length(); i++) {
            char next = path.charAt(i);
            if (next == '/' && ++slashes > PLAIN_SEGMENTS) {
                return true;
            }
            if (next == '%' || next == ';') {
                return false;
            }
        }
        return true;
    }

    /** The form for Tomcat of a path as it was sent. */
    static String packed(String path) {
        for (String prefix : PREFIXES) {
            if (path.startsWith(prefix)) {
                byte[] key = decoded(path, prefix.length());
                return prefix
                        + (key == null
                                ? UNREADABLE
                                : MARK + Base64.getUrlEncoder().withoutPadding().encodeToString(key));
            }
        }
        return path;
    }

    /** The bytes behind the prefix; null if a percent sign stands before something that is no number. */
    private static byte @Nullable [] decoded(String path, int from) {
        ByteArrayOutputStream key = new ByteArrayOutputStream(path.length() - from);
        for (int i = from; i < path.length(); i++) {
            char sent = path.charAt(i);
            if (sent != '%') {
                key.write(sent); // as it was on the wire, where each is a byte
                continue;
            }
            int high = i + 2 < path.length() ? Character.digit(path.charAt(i + 1), HEX) : -1;
            int low = i + 2 < path.length() ? Character.digit(path.charAt(i + 2), HEX) : -1;
            if (high < 0 || low < 0) {
                return null;
            }
            key.write(high * HEX + low);
            i += 2;
        }
        return key.toByteArray();
    }

    /**
     * The bytes in a segment that was packed.
     *
     * @throws IllegalArgumentException if what was sent has no meaning
     */
    public static byte[] unpacked(String segment) {
        if (segment.isEmpty() || segment.charAt(0) != MARK) {
            throw new IllegalArgumentException("not packed: " + segment.length() + " characters");
        }
        return Base64.getUrlDecoder().decode(segment.substring(1));
    }
}
