package io.quorate.api.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ByteTextTests {

    private static ByteString bytes(int... values) {
        byte[] all = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            all[i] = (byte) values[i];
        }
        return ByteString.copyFrom(all);
    }

    @Test
    void bytesWhenShownAndReadAgainAreTheSame() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 1000; i++) {
            byte[] raw = new byte[random.nextInt(20)];
            random.nextBytes(raw);
            ByteString some = ByteString.copyFrom(raw);
            ByteText shown = ByteText.of(some);
            assertThat(ByteText.bytes(shown.text(), shown.encoding(), "key"))
                    .as("seed %d", seed)
                    .isEqualTo(some);
        }
        assertThat(ByteText.of(ByteString.copyFromUtf8("ä\u0000")).encoding()).isEqualTo(ByteText.TEXT);
        assertThat(ByteText.of(bytes(0xff))).isEqualTo(new ByteText("/w==", ByteText.BASE64));
    }

    @Test
    void textWhenItIsNotInItsEncodingIsAProblemOfItsField() {
        assertThat(ByteText.bytes("_w", "base64", "value")).isEqualTo(bytes(0xff));
        assertThat(ByteText.bytes("FF", "hex", "value")).isEqualTo(bytes(0xff));
        assertProblem("f", "hex", "value: not in the encoding hex");
        assertProblem("*", "base64", "value: not in the encoding base64");
        assertProblem("\ud800", null, "value: not in the encoding text");
        assertProblem("x", "utf-8", "encoding: one of text, base64, hex");
    }

    private static void assertProblem(String text, @org.jspecify.annotations.Nullable String encoding, String detail) {
        assertThatThrownBy(() -> ByteText.bytes(text, encoding, "value"))
                .isInstanceOf(Problem.class)
                .hasMessage(detail);
    }

    @Test
    void prefixWhenItEndsWithTheLastBytesEndsBehindThem() {
        assertThat(ByteText.prefixEnd(ByteString.copyFromUtf8("app/"))).isEqualTo(ByteString.copyFromUtf8("app0"));
        assertThat(ByteText.prefixEnd(bytes('a', 0xff, 0xff))).isEqualTo(bytes('b'));
        assertThat(ByteText.prefixEnd(bytes(0xff))).isEqualTo(bytes(0));
        assertThat(ByteText.prefixEnd(ByteString.EMPTY)).isEqualTo(bytes(0));
    }

    @Test
    void entityTagWhenItIsNoneOfOursIsAProblem() {
        assertThat(EntityTag.parse("If-Match", "\"7\"")).isEqualTo(new EntityTag(false, 7));
        assertThat(EntityTag.parse("If-Match", " * ")).isEqualTo(new EntityTag(true, 0));
        assertThat(EntityTag.parse("If-Match", null)).isNull();
        for (String tag : new String[] {"", "\"", "\"x\"", "W/\"7\"", "\"1\", \"2\"", "-1"}) {
            assertThatThrownBy(() -> EntityTag.parse("If-Match", tag)).isInstanceOf(Problem.class);
        }
        assertThat(EntityTag.matches(List.of("\"6\", W/\"7\""), "\"7\"", true)).isTrue();
        assertThat(EntityTag.matches(List.of("\"6\""), "\"7\"", true)).isFalse();
        assertThat(EntityTag.matches(List.of(), "\"7\"", true)).isFalse();
    }
}
