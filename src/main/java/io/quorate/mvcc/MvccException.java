package io.quorate.mvcc;

/** A revision that cannot be read or compacted; the caller's mistake, so it carries no stack trace. */
public abstract sealed class MvccException extends RuntimeException
        permits CompactedException, FutureRevisionException {

    private static final long serialVersionUID = 1L;

    MvccException(String message) {
        super(message, null, false, false);
    }
}
