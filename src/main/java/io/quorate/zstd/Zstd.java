package io.quorate.zstd;

import io.airlift.compress.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Streams that are compressed by Zstandard. */
public final class Zstd {

    /** So many bytes tell whether a stream is compressed. */
    public static final int MAGIC_BYTES = Integer.BYTES;

    private Zstd() {}

    /** Whether a stream that begins so is compressed by Zstandard. */
    public static boolean isMagic(byte[] first) {
        return first.length >= MAGIC_BYTES
                && Frames.isMagic(
                        ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).getInt());
    }

    /**
     * Unpacks all frames up to the end. Takes some 40 MiB at most, whatever the bytes say. Reading throws a {@link ZstdException} where
     * they are damaged or cut, where something else stands between or behind frames, and where a window has more than 8 MiB.
     */
    public static InputStream unpack(InputStream compressed) {
        return new Unpacked(new Frames(compressed));
    }

    /** Compresses what is written as one frame with a checksum, which ends when the stream is closed. */
    public static OutputStream pack(OutputStream target) throws IOException {
        return new ZstdOutputStream(target);
    }
}
