package io.quorate.api.port;

/** Answers HTTP requests. */
@FunctionalInterface
public interface HttpHandler {

    /**
     * Takes over an exchange. Called on the connection's event loop: it must not block, and it must see to it that the
     * exchange is answered or aborted at some time.
     */
    void handle(HttpExchange exchange);

    /** What answers on listeners that serve only the pages about the member; this one, unless it distinguishes them. */
    default HttpHandler pagesOnly() {
        return this;
    }
}
