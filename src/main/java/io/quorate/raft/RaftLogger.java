package io.quorate.raft;

import java.util.function.Supplier;

/**
 * Where the core writes diagnostic lines. The core decides nothing about them; a line is built only when its level is
 * wanted.
 */
public interface RaftLogger {

    /** A logger that wants nothing. */
    RaftLogger NONE = new RaftLogger() {
        @Override
        public boolean isLoggable(Level level) {
            return false;
        }

        @Override
        public void log(Level level, String text) {
            // Nothing was asked for.
        }
    };

    /** Severities, ascending. */
    enum Level {
        DEBUG,
        INFO,
        WARN,
        ERROR
    }

    /** Whether lines of this level are wanted. */
    boolean isLoggable(Level level);

    /** Takes a line without its line end. */
    void log(Level level, String text);

    /** Each message of replication that is out of the ordinary. */
    default void debug(Supplier<String> text) {
        write(Level.DEBUG, text);
    }

    /** Elections, changes of role and configuration. */
    default void info(Supplier<String> text) {
        write(Level.INFO, text);
    }

    /** What an operator should look at when it repeats. */
    default void warn(Supplier<String> text) {
        write(Level.WARN, text);
    }

    /** A request that this configuration can never serve. */
    default void error(Supplier<String> text) {
        write(Level.ERROR, text);
    }

    private void write(Level level, Supplier<String> text) {
        if (isLoggable(level)) {
            log(level, text.get());
        }
    }
}
