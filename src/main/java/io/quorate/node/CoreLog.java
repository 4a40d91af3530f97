package io.quorate.node;

import io.quorate.raft.RaftLogger;
import lombok.extern.slf4j.Slf4j;

/** The core's diagnostic lines in the member's log. */
@Slf4j
public final class CoreLog implements RaftLogger {

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
            case WARN -> log.warn(text);
            case ERROR -> log.error(text);
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
