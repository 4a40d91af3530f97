package io.quorate.config.etcd;

/** A command line, variable or configuration file that cannot be understood; the message is written for its author. */
public final class BadFlagException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    BadFlagException(String message) {
        super(message);
    }
}
