package io.quorate.audit;

import io.quorate.base.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a call was about, as text: a key, or all keys from one to another. Made on the thread of the call, of at most
 * {@link #BYTES_MAX} bytes of each end, so that what waits to be written is small.
 *
 * @param key printable, or in base64
 * @param end likewise; null for one key
 */
public record AuditedRange(Text key, @Nullable Text end) {

    /** More bytes of a key are cut off. */
    public static final int BYTES_MAX = 1024;

    /**
     * A key as text.
     *
     * @param text the bytes as they are if all are printable ASCII, in base64 otherwise
     * @param base64 which of both
     * @param bytes how many there are, with those cut off
     */
    public record Text(String text, boolean base64, int bytes) {

        static Text of(Bytes key) {
            byte[] all = key.unwrap();
            byte[] head = all.length > BYTES_MAX ? Arrays.copyOf(all, BYTES_MAX) : all;
            return isPrintable(head)
                    ? new Text(new String(head, StandardCharsets.US_ASCII), false, all.length)
                    : new Text(Base64.getEncoder().encodeToString(head), true, all.length);
        }

        private static boolean isPrintable(byte[] bytes) {
            for (byte next : bytes) {
                if (next < ' ' || next == 0x7f) {
                    return false;
                }
            }
            return true;
        }

        boolean isCut() {
            return bytes > BYTES_MAX;
        }
    }

    /**
     * The range of a request.
     *
     * @param end as in a request: empty for one key, a zero byte for all keys from the first on
     */
    public static AuditedRange of(Bytes key, Bytes end) {
        return new AuditedRange(Text.of(key), end.isEmpty() ? null : Text.of(end));
    }

    int chars() {
        return key.text().length() + (end == null ? 0 : end.text().length());
    }
}
