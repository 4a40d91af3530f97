package io.quorate.bench;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An encoded message with places for numbers: wherever the message has {@link #PLACE}, twelve digits are put. Owned by
 * one slot, which has at most one call in flight, so the bytes may be changed for the next call.
 */
final class Template {

    /** Marks a number in a key; as long as the digits that replace it. */
    static final String PLACE = "############";

    /** Every key of the program begins so. */
    static final String PREFIX = "bench/";

    final byte[] message;
    private final int[] places;

    Template(byte[] message) {
        this.message = message.clone();
        this.places = find(this.message, PLACE.getBytes(StandardCharsets.US_ASCII));
    }

    /** Offsets of a pattern. */
    static int[] find(byte[] message, byte[] pattern) {
        List<Integer> found = new ArrayList<>();
        for (int at = 0; at + pattern.length <= message.length; at++) {
            if (Arrays.equals(message, at, at + pattern.length, pattern, 0, pattern.length)) {
                found.add(at);
            }
        }
        return found.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Puts a number into the n-th place. */
    void patch(int place, long number) {
        digits(message, places[place], number);
    }

    int places() {
        return places.length;
    }

    static void digits(byte[] target, int offset, long number) {
        long rest = number;
        for (int at = offset + PLACE.length() - 1; at >= offset; at--) {
            target[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }
}
