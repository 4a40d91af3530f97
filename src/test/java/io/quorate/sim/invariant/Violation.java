package io.quorate.sim.invariant;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How an invariant says that it is broken. */
final class Violation {

    private Violation() {}

    static void unless(boolean holds, String text, @Nullable Object... values) {
        if (!holds) {
            throw new AssertionError(String.format(Locale.ROOT, text, values));
        }
    }
}
