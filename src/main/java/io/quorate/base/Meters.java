package io.quorate.base;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Where the parts of a member register what they count, each where it counts it. Values are asked for at each scrape, by any
 * thread; asking must not wait. Names are those that are published: a counter's ends as etcd has it, whether {@code _total} or not.
 * No name is registered twice.
 */
public interface Meters {

    /** A number that only grows while the process runs. */
    default void counter(String name, String help, LongSupplier value) {
        counters(name, help, points -> points.add(value.getAsLong()));
    }

    /** A number that goes up and down. */
    default void gauge(String name, String help, LongSupplier value) {
        gauges(name, help, points -> points.add(value.getAsLong()));
    }

    /** Whether something is so now, as 1 or 0. */
    default void flag(String name, String help, BooleanSupplier value) {
        gauge(name, help, () -> value.getAsBoolean() ? 1 : 0);
    }

    /** Numbers that only grow while the process runs, one for each combination of labels; none at all is not published. */
    void counters(String name, String help, Consumer<Points> values);

    /** Numbers that go up and down, one for each combination of labels; none at all is not published. */
    void gauges(String name, String help, Consumer<Points> values);

    /** How often something takes how long, or is how large, for each combination of labels. */
    Distributions distributions(String name, String help, Buckets buckets);

    /** As {@link #distributions}, without labels. */
    default LongConsumer distribution(String name, String help, Buckets buckets) {
        return distributions(name, help, buckets).at();
    }

    /** Takes the values of one metric. */
    @FunctionalInterface
    interface Points {

        /**
         * Takes one value.
         *
         * @param labels names and values by turns
         */
        void add(double value, String... labels);

        /** As {@link #add(double, String...)}, for a whole number. */
        default void add(long value, String... labels) {
            add((double) value, labels);
        }
    }

    /** The recorders of one metric. */
    @FunctionalInterface
    interface Distributions {

        /**
         * The recorder for these labels; look it up once and keep it. It may be called by any thread, and neither blocks nor
         * allocates.
         *
         * @param labels names and values by turns
         */
        LongConsumer at(String... labels);
    }
}
