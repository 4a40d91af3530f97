package io.quorate.node;

import java.nio.file.Path;

/** The log in the data directory belongs to another member or another cluster than the settings describe. */
public final class ForeignLogException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ForeignLogException(Path directory, String expected, String found) {
        super("the log in " + directory + " belongs to " + found + ", but the settings describe " + expected
                + "; use another data directory, or the settings this one was made with");
    }
}
