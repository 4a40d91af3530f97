package io.quorate.apply;

import io.quorate.base.Meters;
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

    /** Registers what is counted here. */
    public void register(Meters meters) {
        meters.counter("etcd_mvcc_range_total", "Ranges, as seen by this member.", this::ranges);
        meters.counter("etcd_mvcc_put_total", "Puts, as seen by this member.", this::puts);
        meters.counter("etcd_mvcc_delete_total", "Deletes, as seen by this member.", this::deletes);
        meters.counter("etcd_mvcc_txn_total", "Transactions, as seen by this member.", this::txns);
        meters.gauge(
                "etcd_debugging_mvcc_total_put_size_in_bytes",
                "Bytes of keys and values put, as seen by this member.",
                this::putBytes);
    }
}
