package io.quorate.base;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Where the parts of a member register what they count, each where it counts it. Values are asked for at each scrape, by any
 * thread; asking must not wait. Names are those that are published: a counter's ends as etcd has it, whether {@code _total} or not.
 */
public interface Meters {

    /** A number that only grows while the process runs. */
    void counter(String name, String help, LongSupplier value);

    /** A number that goes up and down. */
    void gauge(String name, String help, LongSupplier value);

    /** Whether something is so now, as 1 or 0. */
    default void flag(String name, String help, BooleanSupplier value) {
        gauge(name, help, () -> value.getAsBoolean() ? 1 : 0);
    }
}
