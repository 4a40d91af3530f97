package io.quorate.bbolt;

/** A file is no bbolt file, or a damaged one. The message names the offset in the file and what is wrong there. */
public final class BboltException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final long offset;

    /** @param offset of the first byte that is wrong */
    public BboltException(long offset, String reason) {
        super("at offset " + offset + ": " + reason);
        this.offset = offset;
    }

    /** The first byte that is wrong. */
    public long offset() {
        return offset;
    }
}
