package io.quorate.tls;

import io.netty.handler.ssl.SslHandler;
import io.quorate.base.Meters;
import io.quorate.base.MonotonicClock;
import io.quorate.base.Throttle;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import lombok.extern.slf4j.Slf4j;

/**
 * The handshakes of one port: the thread on which certificates are judged, how many failed, and a line in the log now and
 * then about those. Any thread.
 */
@Slf4j
public final class Handshakes implements AutoCloseable {

    private static final Duration LOG_EVERY = Duration.ofSeconds(10);

    /** Handshakes that may wait to be judged; beyond it they fail. */
    private static final int QUEUE = 1024;

    private static final long IDLE_SECONDS = 30;

    private final String port;
    private final ThreadPoolExecutor judge;
    private final LongAdder failures = new LongAdder();
    private final Throttle reports;

    /** @param port what it is called in the log and in metrics, such as {@code client} */
    public Handshakes(String port, MonotonicClock clock) {
        this.port = port;
        this.reports = new Throttle(LOG_EVERY, clock);
        this.judge = new ThreadPoolExecutor(
                1,
                1,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(QUEUE),
                task -> Thread.ofPlatform().name(port + "-tls").daemon(true).unstarted(task));
        judge.allowCoreThreadTimeOut(true);
    }

    /** The name of the port. */
    public String port() {
        return port;
    }

    /** Handshakes that failed since the start; connections that ended without a word are not among them. */
    public long failures() {
        return failures.sum();
    }

    /** Registers what the ports of a member count. */
    public static void register(List<Handshakes> ports, Meters meters) {
        meters.counters(
                "quorate_tls_handshake_failures_total",
                "TLS handshakes that failed.",
                points -> ports.forEach(each -> points.add(each.failures(), "port", each.port())));
    }

    Executor judge() {
        return judge;
    }

    /**
     * Waits for the end of a handshake.
     *
     * @param logs whether a failure is reported here; dialling code reports by itself
     */
    @SuppressWarnings("FutureReturnValueIgnored") // the listener is all that is wanted
    void follow(SslHandler handler, String remote, boolean logs) {
        handler.handshakeFuture().addListener(done -> {
            if (!done.isSuccess() && !(done.cause() instanceof ClosedChannelException)) {
                failed(remote, done.cause(), logs);
            }
        });
    }

    private void failed(String remote, Throwable cause, boolean logs) {
        failures.increment();
        if (!logs) {
            return;
        }
        long heldBack = reports.admit();
        if (heldBack != Throttle.HELD_BACK) {
            log.warn(
                    "{} port: TLS handshake with {} failed: {}{}",
                    port,
                    remote,
                    Refusals.explain(cause),
                    Throttle.more(heldBack));
        }
    }

    @Override
    public void close() {
        judge.shutdownNow();
    }
}
