package io.quorate.base;

import java.util.Arrays;
import java.util.List;

/**
 * The bounds of a distribution. Values are whole numbers of a small unit, nanoseconds mostly; what is published is in the
 * metric's own unit.
 */
public sealed interface Buckets {

    /** How many bounds there are, not counting infinity. */
    int count();

    /** Recorded units in one published unit. */
    double perUnit();

    /** The upper bounds as published, infinity included. */
    double[] bounds();

    /** The index of the first bound that is not below the value. */
    int bucketOf(long value);

    /**
     * Durations in nanoseconds, published in seconds.
     *
     * @param firstNanos the lowest upper bound
     */
    static Buckets seconds(long firstNanos, int count) {
        return new Doubling(firstNanos, count, 1e9);
    }

    /**
     * Durations in nanoseconds, published in milliseconds as some of etcd's are.
     *
     * @param firstNanos the lowest upper bound
     */
    static Buckets milliseconds(long firstNanos, int count) {
        return new Doubling(firstNanos, count, 1e6);
    }

    /**
     * Bounds that double.
     *
     * @param first the lowest upper bound, in the unit of recorded values
     */
    record Doubling(long first, int count, double perUnit) implements Buckets {

        @Override
        public double[] bounds() {
            double[] bounds = new double[count + 1];
            double bound = first / perUnit;
            for (int index = 0; index < count; index++) {
                bounds[index] = bound;
                bound *= 2;
            }
            bounds[count] = Double.POSITIVE_INFINITY;
            return bounds;
        }

        @Override
        public int bucketOf(long value) {
            return value <= first ? 0 : Math.min(count, Long.SIZE - Long.numberOfLeadingZeros((value - 1) / first));
        }
    }

    /**
     * Bounds that are listed, few enough to be looked through.
     *
     * @param upper in ascending order, in the unit of recorded values
     */
    record Listed(List<Long> upper, double perUnit) implements Buckets {

        @Override
        public int count() {
            return upper.size();
        }

        @Override
        public double[] bounds() {
            double[] bounds = new double[upper.size() + 1];
            Arrays.setAll(bounds, i -> i == upper.size() ? Double.POSITIVE_INFINITY : upper.get(i) / perUnit);
            return bounds;
        }

        @Override
        public int bucketOf(long value) {
            int index = 0;
            while (index < upper.size() && value > upper.get(index)) {
                index++;
            }
            return index;
        }
    }
}
