package io.quorate.node.wal;

import java.util.zip.CRC32C;

/**
 * The CRC-32C over the data of all records so far, which every record carries, so that a record also proves all
 * before it.
 *
 * <p>{@link CRC32C} cannot be told where to continue. But four bytes can bring it to any value: fed with 32 bits {@code w}
 * the register goes from {@code s} to {@code f(s ^ w)}, where {@code f} is 32 steps of the shift register and can be run
 * backwards. So {@link #seed} resets it and feeds the four bytes that lead to the wanted value; the fast native update
 * serves from then on.
 */
final class RunningCrc {

    /** Castagnoli's polynomial, reflected. */
    private static final int POLYNOMIAL = 0x82F63B78;

    private final CRC32C crc = new CRC32C();
    private final byte[] lead = new byte[Integer.BYTES];

    int value() {
        return (int) crc.getValue();
    }

    /** Continues from a value, as if everything that led to it had been fed. */
    void seed(int value) {
        crc.reset();
        if (value == 0) {
            return; // the value of no bytes at all
        }
        int register = ~value;
        for (int bit = 0; bit < Integer.SIZE; bit++) {
            register = register < 0 ? ((register ^ POLYNOMIAL) << 1) | 1 : register << 1;
        }
        int word = ~register;
        for (int i = 0; i < lead.length; i++) {
            lead[i] = (byte) (word >>> (Byte.SIZE * i));
        }
        crc.update(lead);
    }

    void update(byte[] bytes, int offset, int length) {
        crc.update(bytes, offset, length);
    }

    /**
     * Whether two different checksums can be explained by one flipped bit, either in the checksum itself or in the data
     * that was fed last. One flipped bit, {@code n} bits before the end, changes the checksum by {@code n} steps of the
     * shift register from 1; no other knowledge of the data is needed.
     *
     * @param stored the checksum that was read
     * @param computed the checksum of the data that was read
     * @param length how many bytes of data the bit may be in
     */
    static boolean isOneFlippedBit(int stored, int computed, int length) {
        int difference = stored ^ computed;
        if (Integer.bitCount(difference) == 1) {
            return true;
        }
        int effect = 1;
        for (long step = 0; step < (long) length * Byte.SIZE; step++) {
            effect = (effect & 1) == 0 ? effect >>> 1 : (effect >>> 1) ^ POLYNOMIAL;
            if (effect == difference) {
                return true;
            }
        }
        return false;
    }
}
