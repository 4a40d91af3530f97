package io.quorate.storage;

import io.quorate.base.UnusableException;

/** The database was closed before the call. */
public final class DatabaseClosedException extends UnusableException {

    private static final long serialVersionUID = 1L;

    DatabaseClosedException() {
        super("The database is closed", null);
    }
}
