package io.quorate.api.port;

/** Answers HTTP requests. */
@FunctionalInterface
public interface HttpHandler {

    /**
     * Takes over an exchange. Called on the connection's event loop: it must not block, and it must see to it that the
     * exchange is answered or aborted at some time.
     */
    void handle(HttpExchange exchange);
}
