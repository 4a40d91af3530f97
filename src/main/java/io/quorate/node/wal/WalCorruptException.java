package io.quorate.node.wal;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The log on disk is not what was written: something that had been promised to be durable is damaged or missing. The
 * member must not start from it, since it would forget votes or entries that others count on.
 */
public final class WalCorruptException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Path file;
    private final long offset;
    private final String reason;

    public WalCorruptException(Path file, long offset, String reason) {
        this(file, offset, reason, null);
    }

    public WalCorruptException(Path file, long offset, String reason, @Nullable Throwable cause) {
        super(
                "the write-ahead log is damaged: " + file + " at offset " + offset + ": " + reason
                        + "; the member's state cannot be trusted: remove the member from the cluster, delete its data"
                        + " directory and add it again, so that it is rebuilt from its peers",
                cause);
        this.file = file;
        this.offset = offset;
        this.reason = reason;
    }

    /** The damaged file, or the directory when a file is missing. */
    public Path file() {
        return file;
    }

    /** Where the damaged record begins, in bytes. */
    public long offset() {
        return offset;
    }

    /** What is wrong with it. */
    public String reason() {
        return reason;
    }
}
