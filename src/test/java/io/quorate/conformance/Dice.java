package io.quorate.conformance;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** The choices of one program, all from its seed. Keys and numbers are few, so that things meet. */
final class Dice {

    /** In key order, with neighbours, prefixes of others, and the ends of the key space. */
    private static final List<ByteString> KEYS = List.of(
            key("a"),
            key("ab"),
            key("abc"),
            key("b"),
            key("b\0"),
            key("c"),
            key("d"),
            ByteString.fromHex("00"),
            ByteString.fromHex("ff"),
            ByteString.fromHex("ffff"));

    private static final List<String> VALUES = List.of("", "1", "2", "10", "x", "\0\1\2", "value");
    private static final int USUAL_KEYS = 7;

    private final RandomGenerator random;

    Dice(long seed) {
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed * 0x9E3779B97F4A7C15L + 1);
    }

    private static ByteString key(String text) {
        return ByteString.copyFromUtf8(text);
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    /** From 0 up to, not including, the bound. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    int between(int lowest, int highest) {
        return random.nextInt(lowest, highest + 1);
    }

    @SafeVarargs
    final <T> T oneOf(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    /** A key that a write may have. */
    ByteString key() {
        return chance(97) ? KEYS.get(below(USUAL_KEYS)) : KEYS.get(below(KEYS.size()));
    }

    /** A key that a client might send, the empty one included. */
    ByteString anyKey() {
        return chance(2) ? ByteString.EMPTY : key();
    }

    /** An end for a range: none, open, of a prefix, after the key, anywhere. */
    ByteString rangeEnd(ByteString key) {
        return switch (below(10)) {
            case 0, 1, 2 -> ByteString.EMPTY;
            case 3, 4 -> ByteString.fromHex("00");
            case 5, 6 -> prefixEnd(key);
            case 7 -> key.concat(ByteString.fromHex("00"));
            default -> key();
        };
    }

    private static ByteString prefixEnd(ByteString key) {
        int last = key.size() - 1;
        if (last < 0 || key.byteAt(last) == -1) {
            return ByteString.fromHex("00");
        }
        return key.substring(0, last).concat(ByteString.copyFrom(new byte[] {(byte) (key.byteAt(last) + 1)}));
    }

    ByteString value() {
        return ByteString.copyFromUtf8(oneOf(VALUES.toArray(String[]::new)));
    }

    /** A revision: mostly one around the program, seldom one that cannot be. */
    long revision() {
        return chance(88)
                ? Symbols.revision(between(-2, 12))
                : oneOf(-1L, -2L, -5_000_000L, 1L, 2L, 1_000_000_000_000L, Long.MAX_VALUE);
    }

    /** A lease: mostly one that a program could have. */
    long lease() {
        return chance(60) ? between(1, 4) : oneOf(Symbols.lease(0), Symbols.lease(1), -7L, 99L);
    }
}
