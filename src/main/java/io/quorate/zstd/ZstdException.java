package io.quorate.zstd;

import java.io.IOException;

/** Bytes are not what Zstandard writes, or more than is unpacked here. The message names their offset in the compressed stream. */
public final class ZstdException extends IOException {

    private static final long serialVersionUID = 1L;

    private final long offset;

    ZstdException(long offset, String reason) {
        super("at offset " + offset + " of the compressed bytes: " + reason);
        this.offset = offset;
    }

    /** Where in the compressed stream it is wrong: at the beginning of the part that is named, or up to here. */
    public long offset() {
        return offset;
    }
}
