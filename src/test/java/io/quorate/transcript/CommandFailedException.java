package io.quorate.transcript;

/** A command that ends in an error, whose text is part of what it produces. */
final class CommandFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CommandFailedException(String message) {
        super(message);
    }
}
