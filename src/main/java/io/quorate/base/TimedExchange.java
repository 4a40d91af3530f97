package io.quorate.base;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for exchanges of Java's HTTP client, whose own limit ends with the head of an answer: a body could trickle in forever. */
public final class TimedExchange {

    private TimedExchange() {}

    /**
     * Waits for a whole answer. The exchange is over on return, whatever became of it.
     *
     * @param with names the other side in messages
     * @throws IOException if there is no answer, or none in time
     */
    public static <T> T await(CompletableFuture<T> exchange, Duration limit, Object with)
            throws IOException, InterruptedException {
        try {
            return exchange.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new IOException(with + " did not answer within " + limit.toSeconds() + " s", late);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            String what = cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException
                    ? " cannot be reached: "
                    : " gave no whole answer: ";
            throw new IOException(with + what + cause, cause);
        } finally {
            boolean unused = exchange.cancel(true);
        }
    }
}
