package io.quorate.node.wal;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** Silences the warnings about cut tails where a test cuts thousands of them. */
final class QuietLog {

    private QuietLog() {}

    static void silence() {
        logger().setLevel(Level.ERROR);
    }

    static void restore() {
        logger().setLevel(null);
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(Wal.class);
    }
}
