package io.quorate.zstd;

import io.airlift.compress.zstd.ZstdInputStream;
import io.quorate.base.BulkInputStream;
import java.io.IOException;
import java.util.Objects;

/** What frames unpack to. */
final class Unpacked extends BulkInputStream {

    private final Frames frames;
    private final ZstdInputStream library;

    Unpacked(Frames frames) {
        this.frames = frames;
        this.library = new ZstdInputStream(frames);
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
