package io.quorate.backup.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The outer form of an object: four bytes {@code QBK1}, a byte that says whether it is sealed, the salt if it is, frames, and at the end
 * the SHA-256 of the name and all of these bytes.
 *
 * <p>A frame is its header (4 bytes: the highest bit marks the last one, the others count the content's bytes), in objects that are not
 * sealed the CRC-32C of number, header and content, and the content: at most {@value #FRAME_BYTES} bytes, and 16 more if it is sealed.
 * Used by one thread.
 */
final class SealedOutput extends OutputStream {

    static final byte[] MAGIC = "QBK1".getBytes(StandardCharsets.US_ASCII);
    static final byte CLEAR = 0;
    static final byte SEALED = 1;
    static final int FRAME_BYTES = 64 << 10;
    static final int LAST = 1 << 31;
    static final int DIGEST_BYTES = 32;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final OutputStream target;
    private final MessageDigest digest;
    private final Seal.@Nullable Frames frames;
    private final byte[] buffer = new byte[FRAME_BYTES];
    private int filled;
    private long number;
    private long written;

    /** Writes the beginning. */
    SealedOutput(OutputStream target, String name, Seal seal) throws IOException {
        this.target = target;
        this.digest = SealedInput.digestOf(name);
        boolean sealed = !seal.isNone();
        emit(MAGIC, MAGIC.length);
        emit(new byte[] {sealed ? SEALED : CLEAR}, 1);
        byte[] salt = new byte[Seal.SALT_BYTES];
        if (sealed) {
            RANDOM.nextBytes(salt);
            emit(salt, salt.length);
        }
        this.frames = seal.frames(name, salt);
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int at = offset;
        int left = length;
        while (left > 0) {
            if (filled == buffer.length) {
                frame(0);
            }
            int part = Math.min(left, buffer.length - filled);
            System.arraycopy(bytes, at, buffer, filled, part);
            filled += part;
            at += part;
            left -= part;
        }
    }

    /** Writes the last frame and the digest. */
    void finish() throws IOException {
        frame(LAST);
        byte[] sum = digest.digest();
        target.write(sum, 0, sum.length);
        written += sum.length;
    }

    /** Bytes of the object so far. */
    long written() {
        return written;
    }

    private void frame(int mark) throws IOException {
        int header = mark | filled;
        byte[] start = ByteBuffer.allocate(Integer.BYTES).putInt(header).array();
        emit(start, start.length);
        if (frames != null) {
            byte[] content = frames.seal(number, header, buffer, filled);
            emit(content, content.length);
        } else {
            byte[] sum = checksum(number, header, buffer, filled);
            emit(sum, sum.length);
            emit(buffer, filled);
        }
        filled = 0;
        number++;
    }

    static byte[] checksum(long number, int header, byte[] content, int length) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                .putLong(number)
                .putInt(header)
                .flip());
        crc.update(content, 0, length);
        return ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
    }

    private void emit(byte[] bytes, int length) throws IOException {
        digest.update(bytes, 0, length);
        target.write(bytes, 0, length);
        written += length;
    }
}
