package io.quorate.ops;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

/**
 * One histogram, filled from threads that have no time: where bounds double, finding the
 * bucket is a division and counting leading zeros; recording is two uncontended additions, and nothing is allocated. Values are whole numbers of a small unit
 * (nanoseconds, mostly); what is published is in the metric's own unit.
 */
final class DurationHistogram implements LongConsumer {

    private final Shape shape;
    private final LongAdder[] buckets;
    private final LongAdder sum = new LongAdder();

    /** The bounds. */
    sealed interface Shape {

        /** How many bounds there are, not counting infinity. */
        int count();

        /** Recorded units in one published unit. */
        double perUnit();

        /** The upper bounds as published, infinity included. */
        double[] bounds();

        int bucketOf(long value);
    }

    /**
     * Bounds that double.
     *
     * @param first the lowest upper bound, in the unit of recorded values
     */
    record Doubling(long first, int count, double perUnit) implements Shape {

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
    record Listed(List<Long> upper, double perUnit) implements Shape {

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

    DurationHistogram(Shape shape) {
        this.shape = shape;
        this.buckets = new LongAdder[shape.count() + 1];
        Arrays.setAll(buckets, ignored -> new LongAdder());
    }

    @Override
    public void accept(long value) {
        buckets[shape.bucketOf(value)].increment();
        sum.add(value);
    }

    HistogramDataPointSnapshot read(Labels labels) {
        long[] counts = new long[buckets.length];
        Arrays.setAll(counts, index -> buckets[index].sum());
        return HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(ClassicHistogramBuckets.of(shape.bounds(), counts))
                .sum(sum.sum() / shape.perUnit())
                .labels(labels)
                .build();
    }
}
