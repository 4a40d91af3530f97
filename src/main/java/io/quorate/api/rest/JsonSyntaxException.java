package io.quorate.api.rest;

/** Input that is not JSON, or JSON that does not fit the message. Its text is shown to the caller. */
final class JsonSyntaxException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    JsonSyntaxException(String message) {
        super(message, null, false, false);
    }
}
