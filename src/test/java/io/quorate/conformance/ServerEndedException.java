package io.quorate.conformance;

/** A server ended itself while it ran a program. */
final class ServerEndedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param reasons what it printed at the end */
    ServerEndedException(String reasons) {
        super("The server ended itself:\n" + reasons);
    }
}
