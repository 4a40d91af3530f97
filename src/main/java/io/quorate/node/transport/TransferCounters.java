package io.quorate.node.transport;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Transfers of states in one direction with one peer. */
public final class TransferCounters {

    private final AtomicInteger underWay = new AtomicInteger();
    private final LongAdder succeeded = new LongAdder();
    private final LongAdder failed = new LongAdder();

    TransferCounters() {}

    void started() {
        underWay.incrementAndGet();
    }

    void ended(boolean ok) {
        underWay.decrementAndGet();
        (ok ? succeeded : failed).increment();
    }

    /** Transfers that run now. */
    public int underWay() {
        return underWay.get();
    }

    /** Transfers that reached their end. */
    public long succeeded() {
        return succeeded.sum();
    }

    /** Transfers that did not. */
    public long failed() {
        return failed.sum();
    }
}
