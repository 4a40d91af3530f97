package io.quorate.tool;

/** A command that could not do its work; the message is for whoever runs it. */
final class ToolException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ToolException(String message) {
        super(message);
    }
}
