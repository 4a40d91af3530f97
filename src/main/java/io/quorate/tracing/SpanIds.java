package io.quorate.tracing;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** Makes ids, which are random and never zero. */
final class SpanIds {

    private SpanIds() {}

    /** Of a trace. */
    static String trace() {
        return span() + span();
    }

    /** Of a span. */
    static String span() {
        long id = 0;
        while (id == 0) {
            id = ThreadLocalRandom.current().nextLong();
        }
        return HexFormat.of().toHexDigits(id);
    }
}
