package io.quorate.base;

/**
 * A request that cannot be answered as asked. It is the caller's answer, not the member's trouble, so it carries no stack
 * trace.
 */
public final class RequestException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final RequestError error;

    public RequestException(RequestError error) {
        super(error.name(), null, false, false);
        this.error = error;
    }

    public RequestError error() {
        return error;
    }
}
