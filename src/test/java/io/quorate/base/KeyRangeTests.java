package io.quorate.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeyRangeTests {

    private static final Bytes A = Bytes.utf8("a");
    private static final Bytes ZERO = Bytes.wrap(new byte[] {0});

    @Test
    void ofWhenEndIsEmptyIsThatKeyOnly() {
        KeyRange range = KeyRange.of(A, Bytes.EMPTY);

        assertThat(range.isSingle()).isTrue();
        assertThat(range.contains(A)).isTrue();
        assertThat(range.contains(Bytes.wrap(new byte[] {'a', 0}))).isFalse();
    }

    @Test
    void ofWhenEndIsZeroByteHasNoUpperEnd() {
        KeyRange range = KeyRange.of(A, ZERO);

        assertThat(range.contains(Bytes.wrap(new byte[] {(byte) 0xff, (byte) 0xff})))
                .isTrue();
        assertThat(range.contains(Bytes.utf8("A"))).isFalse();
        assertThat(range.isEmpty()).isFalse();
    }

    @Test
    void ofWhenEndIsNotAboveStartIsEmpty() {
        assertThat(KeyRange.of(A, A).isEmpty()).isTrue();
        assertThat(KeyRange.of(Bytes.utf8("b"), A).isEmpty()).isTrue();
    }

    @Test
    void prefixWhenItEndsWithHighestByteCarries() {
        KeyRange range = KeyRange.prefix(Bytes.wrap(new byte[] {'a', (byte) 0xff}));

        assertThat(range.end()).isEqualTo(Bytes.utf8("b"));
        assertThat(KeyRange.prefix(Bytes.wrap(new byte[] {(byte) 0xff})).end()).isNull();
    }

    @Test
    void containsComparesBytesUnsigned() {
        KeyRange range = KeyRange.of(A, Bytes.wrap(new byte[] {(byte) 0x90}));

        assertThat(range.contains(Bytes.wrap(new byte[] {(byte) 0x80}))).isTrue();
        assertThat(range.contains(Bytes.wrap(new byte[] {(byte) 0x91}))).isFalse();
    }
}
