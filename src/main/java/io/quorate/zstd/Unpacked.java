package io.quorate.zstd;

import io.airlift.compress.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** What frames unpack to. */
final class Unpacked extends InputStream {

    private final Frames frames;
    private final ZstdInputStream library;

    Unpacked(Frames frames) {
        this.frames = frames;
        this.library = new ZstdInputStream(frames);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** The library says by unchecked exceptions of many kinds that it cannot make sense of bytes. */
    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        Objects.checkFromIndexSize(from, length, target.length);
        try {
            return library.read(target, from, length);
        } catch (RuntimeException e) {
            ZstdException damaged =
                    new ZstdException(frames.offset(), "what was read up to here is damaged: " + e.getMessage());
            damaged.initCause(e);
            throw damaged;
        }
    }

    @Override
    public void close() throws IOException {
        library.close();
    }
}
