package io.quorate.ops;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.quorate.base.Buckets;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

/**
 * One histogram, filled from threads that have no time: where bounds double, finding the
 * bucket is a division and counting leading zeros; recording is two uncontended additions, and nothing is allocated.
 */
final class Histogram implements LongConsumer {

    private final Buckets shape;
    private final LongAdder[] buckets;
    private final LongAdder sum = new LongAdder();

    Histogram(Buckets shape) {
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
