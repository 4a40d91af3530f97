package io.quorate.bbolt;

import io.quorate.base.BulkInputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Pages that are made one after the other, as a stream of bytes. */
final class PageStream extends BulkInputStream {

    private final Supplier<@Nullable ByteBuffer> pages;
    private final Runnable end;
    private @Nullable ByteBuffer page;

    /**
     * @param first the first pages
     * @param pages gives the others; null behind the last
     * @param end is run when the stream is closed
     */
    PageStream(ByteBuffer first, Supplier<@Nullable ByteBuffer> pages, Runnable end) {
        this.page = first;
        this.pages = pages;
        this.end = end;
    }

    /** Fills as much of the array as there is. */
    @Override
    public int read(byte[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        int done = 0;
        ByteBuffer current = page;
        while (done < length && current != null) {
            int part = Math.min(length - done, current.remaining());
            current.get(target, offset + done, part);
            done += part;
            if (!current.hasRemaining()) {
                current = pages.get();
            }
        }
        page = current;
        return done == 0 && length > 0 ? -1 : done;
    }

    @Override
    public void close() {
        page = null;
        end.run();
    }
}
