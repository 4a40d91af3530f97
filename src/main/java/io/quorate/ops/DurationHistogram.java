package io.quorate.ops;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

/**
 * One histogram whose bounds double, filled from threads that have no time: finding the bucket is a division and counting
 * leading zeros, recording two uncontended additions, and nothing is allocated. Values are whole numbers of a small unit
 * (nanoseconds, mostly); what is published is in the metric's own unit.
 */
final class DurationHistogram implements LongConsumer {

    private final Shape shape;
    private final LongAdder[] buckets;
    private final LongAdder sum = new LongAdder();

    /**
     * The bounds.
     *
     * @param first the lowest upper bound, in the unit of recorded values
     * @param count how many bounds there are, not counting infinity
     * @param perUnit recorded units in one published unit
     */
    record Shape(long first, int count, double perUnit) {

        /** The upper bounds as published, infinity included. */
        double[] bounds() {
            double[] bounds = new double[count + 1];
            double bound = first / perUnit;
            for (int index = 0; index < count; index++) {
                bounds[index] = bound;
                bound *= 2;
            }
            bounds[count] = Double.POSITIVE_INFINITY;
            return bounds;
        }

        int bucketOf(long value) {
            return value <= first ? 0 : Math.min(count, Long.SIZE - Long.numberOfLeadingZeros((value - 1) / first));
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
