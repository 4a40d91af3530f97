package io.quorate.api.rest;

import io.grpc.Status;
import io.quorate.api.port.AnswerMemory;
import io.quorate.api.port.HttpExchange;
import io.quorate.api.port.MemoryBudget;
import io.quorate.base.Stages;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The memory that one call of the gateway holds: its body while that comes, request and answer until the call is over. A body
 * that finds no room is held back until there is some; after a while its call is refused. Used by the event loop only.
 */
final class BodyMemory {

    /** What clients hear when there is no memory for their call; etcd says so when it is too busy. */
    static final Status EXHAUSTED = Status.RESOURCE_EXHAUSTED.withDescription("etcdserver: too many requests");

    /** A body up to this size is taken as it comes. */
    private static final int SMALL_BYTES = 64 * 1024;

    private static final long SLOWEST_BYTES_A_SECOND = 64 * 1024;

    private final MemoryBudget memory;
    private final HttpExchange exchange;
    private final Consumer<Status> refusal;
    private @Nullable CompletableFuture<Boolean> waiting;
    private long heldBytes;
    private int bodyBytes;
    private boolean released;
    private Runnable afterWait = () -> {};

    /** @param refusal ends the call */
    BodyMemory(MemoryBudget memory, HttpExchange exchange, Consumer<Status> refusal) {
        this.memory = memory;
        this.exchange = exchange;
        this.refusal = refusal;
    }

    /** The body takes so many bytes now. */
    void body(int bytes) {
        bodyBytes = bytes;
        long lacking = bytes - heldBytes;
        if (lacking <= 0 || waiting != null || released) {
            return;
        }
        if (bytes <= SMALL_BYTES ? memory.holdSmall(lacking) : memory.tryHold(lacking)) {
            heldBytes += lacking;
        } else if (bytes <= SMALL_BYTES) {
            refuse();
        } else {
            await(lacking);
        }
    }

    private void await(long bytes) {
        exchange.holdBody(true);
        CompletableFuture<Boolean> room = memory.await(bytes);
        waiting = room;
        Stages.whenDone(
                "waiting for memory",
                room,
                (granted, failure) -> exchange.eventLoop().execute(() -> decided(bytes, granted)));
    }

    private void decided(long bytes, boolean granted) {
        waiting = null;
        if (released) {
            if (granted) {
                memory.release(bytes);
            }
        } else if (granted) {
            heldBytes += bytes;
            exchange.holdBody(false);
            Runnable next = afterWait;
            afterWait = () -> {};
            body(bodyBytes); // what has come meanwhile
            next.run();
        } else {
            refuse();
        }
    }

    private void refuse() {
        memory.refused();
        release();
        refusal.accept(EXHAUSTED);
    }

    /** The answer exists, and {@link #own} must follow on the event loop. Any thread. */
    long take(long answerBytes) {
        return AnswerMemory.take(memory, answerBytes);
    }

    /** Takes over bytes that are held already. */
    void own(long bytes) {
        if (released) {
            memory.release(bytes);
        } else {
            heldBytes += bytes;
        }
    }

    /** Goes on when there is room for so many bytes beside the body, at once if there is; or else the call is refused. */
    void reserve(long bytes, Runnable next) {
        if (waiting != null) {
            afterWait = () -> reserve(bytes, next);
        } else if (bytes <= SMALL_BYTES ? memory.holdSmall(bytes) : memory.tryHold(bytes)) {
            heldBytes += bytes;
            next.run();
        } else if (bytes <= SMALL_BYTES) {
            refuse();
        } else {
            afterWait = next;
            await(bytes);
        }
    }

    /** Something exists that takes so many bytes beside the body. */
    void hold(long bytes) {
        if (!released) {
            memory.hold(bytes);
            heldBytes += bytes;
        }
    }

    /**
     * The same, if there is room for it.
     *
     * @return whether there is
     */
    boolean tryHold(long bytes) {
        if (bytes > SMALL_BYTES ? !memory.tryHold(bytes) : !memory.holdSmall(bytes)) {
            memory.refused();
            return false;
        }
        if (released) {
            memory.release(bytes);
        } else {
            heldBytes += bytes;
        }
        return true;
    }

    /**
     * An answer of so many bytes is with the transport. A client that has not taken it after the time that others wait for
     * room, and a second more for each {@link #SLOWEST_BYTES_A_SECOND}, loses it as soon as others do wait.
     */
    void leaving(long bytes) {
        if (!released) {
            checkLater(memory.patience().plusSeconds(bytes / SLOWEST_BYTES_A_SECOND));
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it only looks
    private void checkLater(Duration delay) {
        exchange.eventLoop().schedule(this::checkLeft, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void checkLeft() {
        if (released) {
            return;
        }
        if (memory.waiting() > 0) {
            memory.refused();
            exchange.abort();
        } else {
            checkLater(memory.patience());
        }
    }

    /** The call is over. */
    void release() {
        released = true;
        if (waiting != null) {
            waiting.complete(false);
        }
        if (heldBytes > 0) {
            memory.release(heldBytes);
            heldBytes = 0;
        }
    }
}
