package io.quorate.apply;

import java.util.concurrent.atomic.LongAdder;

/** How many operations on keys were executed since the process started; operations inside transactions count too. */
public final class KvCounters {

    private final LongAdder ranges = new LongAdder();
    private final LongAdder puts = new LongAdder();
    private final LongAdder putBytes = new LongAdder();
    private final LongAdder deletes = new LongAdder();
    private final LongAdder txns = new LongAdder();

    /** One range was read. */
    public void range() {
        ranges.increment();
    }

    void put(long bytes) {
        puts.increment();
        putBytes.add(bytes);
    }

    void delete() {
        deletes.increment();
    }

    /** One transaction was executed. */
    public void txn() {
        txns.increment();
    }

    public long ranges() {
        return ranges.sum();
    }

    public long puts() {
        return puts.sum();
    }

    /** Size of the keys and values of all puts. */
    public long putBytes() {
        return putBytes.sum();
    }

    public long deletes() {
        return deletes.sum();
    }

    public long txns() {
        return txns.sum();
    }
}
