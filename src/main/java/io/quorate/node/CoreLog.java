package io.quorate.node;

import io.quorate.base.MonotonicClock;
import io.quorate.base.Throttle;
import io.quorate.raft.RaftLogger;
import java.time.Duration;
import lombok.extern.slf4j.Slf4j;

/** The core's diagnostic lines in the member's log. */
@Slf4j
public final class CoreLog implements RaftLogger {

    private static final Throttle DROPPED = new Throttle(Duration.ofSeconds(1), MonotonicClock.SYSTEM);

    @Override
    public boolean isLoggable(Level level) {
        return switch (level) {
            case DEBUG -> log.isDebugEnabled();
            case INFO -> log.isInfoEnabled();
            case WARN -> log.isWarnEnabled();
            case ERROR -> log.isErrorEnabled();
        };
    }

    @Override
    public void log(Level level, String text) {
        switch (level) {
            case DEBUG -> log.debug(text);
            case INFO -> info(text);
            case WARN -> warn(text);
            case ERROR -> log.error(text);
        }
    }

    /** Clients can make the core drop as many proposals as they like. */
    private static void warn(String text) {
        if (!text.endsWith("dropping proposal")) {
            log.warn(text);
            return;
        }
        long more = DROPPED.admit();
        if (more != Throttle.HELD_BACK) {
            log.warn("{}{}", text, Throttle.more(more));
        }
    }

    /** A late confirmation of the log writer is everyday life under load, whatever the core thinks of it. */
    private static void info(String text) {
        if (text.startsWith("entry at ")) {
            log.debug(text);
        } else {
            log.info(text);
        }
    }
}
