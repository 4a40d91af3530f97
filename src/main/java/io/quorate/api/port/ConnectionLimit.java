package io.quorate.api.port;

import io.netty.channel.Channel;
import io.quorate.base.Metered;
import io.quorate.base.Meters;
import io.quorate.base.MonotonicClock;
import io.quorate.base.Throttle;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import lombok.extern.slf4j.Slf4j;

/** How many connections clients may have at a time; further ones are refused. Any thread. */
@Slf4j
public final class ConnectionLimit implements Metered {

    private static final Duration REPORT_INTERVAL = Duration.ofSeconds(10);

    private final int most;
    private final AtomicInteger open = new AtomicInteger();
    private final LongAdder refusals = new LongAdder();
    private final Throttle reports = new Throttle(REPORT_INTERVAL, MonotonicClock.SYSTEM);

    ConnectionLimit(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("'most' must be positive: " + most);
        }
        this.most = most;
    }

    /** Counts a new connection until it is closed; says whether there is room for it. */
    @SuppressWarnings("FutureReturnValueIgnored") // it only counts
    boolean admit(Channel connection) {
        if (open.incrementAndGet() > most) {
            open.decrementAndGet();
            refused(connection);
            return false;
        }
        connection.closeFuture().addListener(closed -> open.decrementAndGet());
        return true;
    }

    private void refused(Channel connection) {
        refusals.increment();
        long heldBack = reports.admit();
        if (heldBack != Throttle.HELD_BACK) {
            log.warn(
                    "Closed a new connection from {}: {} connections of clients are open, which is all that the file"
                            + " descriptors of this process allow; {} before it were closed too. Raise the limit (ulimit -n)",
                    connection.remoteAddress(),
                    most,
                    heldBack);
        }
    }

    /** How many were turned away. */
    long refusals() {
        return refusals.sum();
    }

    @Override
    public void register(Meters meters) {
        meters.gauge("quorate_client_connections", "Open connections of clients.", open::get);
        meters.gauge(
                "quorate_client_connections_limit", "Connections that the file descriptors allow clients.", () -> most);
        meters.counter(
                "quorate_client_connections_refused_total",
                "Connections closed as there were too many.",
                this::refusals);
    }
}
