package io.quorate.transcript;

/** What the commands of one transcript act on; keeps its state from command to command. */
interface Environment {

    /** Executes a command and returns the text that it produces. */
    String run(Directive directive);

    /** A command that ends in an error, whose text is part of what it produces. */
    final class CommandFailedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        CommandFailedException(String message) {
            super(message);
        }
    }
}
