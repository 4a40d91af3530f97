package io.quorate.server;

import io.quorate.base.AgentThread;
import io.quorate.base.Fault;
import io.quorate.base.Waker;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * The channel on which every part of a member reports an error that the member cannot survive. The first error counts; the
 * {@link RunLoop} sees it and ends the member. The counterpart of the error channel of etcd's {@code EtcdServer.run}. Any thread;
 * never blocks.
 */
@Slf4j
public final class ErrorChannel implements Fault.Sink {

    private final Path dataDirectory;
    private final ToIntFunction<Throwable> exitCode;
    private final Consumer<Throwable> exit;
    private final AtomicReference<@Nullable Throwable> first = new AtomicReference<>();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Waker runLoop = new Waker();

    /**
     * @param dataDirectory named in the advice that a failed member leaves
     * @param exitCode what the process ends with after an error, for the advice
     * @param exit ends the process after a fatal error; called once
     */
    public ErrorChannel(Path dataDirectory, ToIntFunction<Throwable> exitCode, Consumer<Throwable> exit) {
        this.dataDirectory = dataDirectory;
        this.exitCode = exitCode;
        this.exit = exit;
    }

    void attach(AgentThread loop) {
        runLoop.attach(loop);
    }

    /** Ends the member: by the run loop, or at once when that does not run. */
    @Override
    public void fatal(Throwable cause) {
        if (first.compareAndSet(null, cause)) {
            runLoop.wake();
            if (!runLoop.isAlive()) {
                end(cause);
            }
        }
    }

    /** What ends the member; null while it is well. */
    public @Nullable Throwable failure() {
        return first.get();
    }

    /** Ends the member if an error was reported; says whether it was. */
    boolean endIfFailed() {
        Throwable cause = first.get();
        if (cause != null) {
            end(cause);
        }
        return cause != null;
    }

    private void end(Throwable cause) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        String reason =
                Objects.requireNonNullElse(cause.getMessage(), cause.getClass().getSimpleName());
        if (Advice.isKnown(cause)) {
            log.error("the member stops after a fatal error: {}", reason);
        } else {
            log.error(
                    "the member stops after a fatal error: {}",
                    reason,
                    cause); // only its place in the program may explain it
        }
        log.error("{} (exit code {})", Advice.after(cause, dataDirectory), exitCode.applyAsInt(cause));
        exit.accept(cause);
    }
}
