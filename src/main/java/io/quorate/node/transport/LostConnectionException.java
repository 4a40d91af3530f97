package io.quorate.node.transport;

import java.io.IOException;

/** A connection ended before what it was for; over another one, it may go on. */
final class LostConnectionException extends IOException {

    private static final long serialVersionUID = 1L;

    LostConnectionException(String message, Throwable cause) {
        super(message, cause);
    }

    LostConnectionException(String message) {
        super(message);
    }
}
