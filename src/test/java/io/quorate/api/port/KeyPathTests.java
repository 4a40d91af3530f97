package io.quorate.api.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyPathTests {

    private static final String PREFIX = "/api/v1/keys/";

    private static byte[] through(String sent) {
        String packed = KeyPath.packed(PREFIX + sent);
        assertThat(packed).startsWith(PREFIX).matches("/api/v1/keys/~[A-Za-z0-9_-]*");
        return KeyPath.unpacked(packed.substring(PREFIX.length()));
    }

    @Test
    void keyWhenItHasSlashesAndDotsStaysAsItIs() {
        assertThat(through("app/name")).asString().isEqualTo("app/name");
        assertThat(through("/a//b/../c;x=1")).asString().isEqualTo("/a//b/../c;x=1");
        assertThat(through("a%2Fb%20c+d")).asString().isEqualTo("a/b c+d");
        assertThat(through("")).isEmpty();
        assertThat(through("~")).asString().isEqualTo("~");
    }

    @Test
    void keyWhenItIsAnyBytesComesThrough() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 1000; i++) {
            byte[] key = new byte[random.nextInt(40)];
            random.nextBytes(key);
            StringBuilder sent = new StringBuilder();
            for (byte one : key) {
                boolean bare = one > ' ' && one != '%' && one != '?' && random.nextBoolean();
                sent.append(
                        bare ? String.valueOf((char) one) : "%" + HexFormat.of().toHexDigits(one));
            }
            assertThat(through(sent.toString())).as("seed %d", seed).isEqualTo(key);
        }
    }

    @Test
    void keyWhenItWasSentWithoutEscapesIsItsBytes() {
        String onTheWire = new String("ä".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        assertThat(through(onTheWire)).asString().isEqualTo("ä");
    }

    @Test
    void pathWhenItIsMalformedHasNoKey() {
        for (String sent : new String[] {"%", "a%2", "%zz", "%2g"}) {
            String packed = KeyPath.packed(PREFIX + sent).substring(PREFIX.length());
            assertThatThrownBy(() -> KeyPath.unpacked(packed)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> KeyPath.unpacked("plain")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void pathWhenItsBeginningIsDisguisedIsNotPlain() {
        for (String path : new String[] {
            "/api/v1/%6beys/~YQ",
            "/api/v1/keys;x=1/~YQ",
            "/api/v1/keys%2F~YQ",
            "/api/%761/keys/~YQ",
            "/api/v1;/keys/~YQ"
        }) {
            assertThat(KeyPath.isPlain(path)).as(path).isFalse();
        }
        for (String path : new String[] {
            "/api/v1/keys/a;b%2F", "/api/v1/users/a%2Fb;c", "/api/v1/status", "/api/", "/api/openapi.json"
        }) {
            assertThat(KeyPath.isPlain(path)).as(path).isTrue();
        }
    }

    @Test
    void pathWhenItNamesNoKeyIsLeftAlone() {
        assertThat(KeyPath.packed("/api/v1/status")).isEqualTo("/api/v1/status");
        assertThat(KeyPath.packed("/api/v1/keys")).isEqualTo("/api/v1/keys");
    }
}
