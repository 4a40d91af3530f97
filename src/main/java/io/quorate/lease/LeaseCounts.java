package io.quorate.lease;

import io.quorate.base.Meters;
import java.util.concurrent.atomic.LongAdder;

/** What was done with leases since the start. Any thread. */
public final class LeaseCounts {

    private final LongAdder granted = new LongAdder();
    private final LongAdder revoked = new LongAdder();
    private final LongAdder renewed = new LongAdder();

    void grant() {
        granted.increment();
    }

    void revoke() {
        revoked.increment();
    }

    void renew() {
        renewed.increment();
    }

    /** Leases granted. */
    public long granted() {
        return granted.sum();
    }

    /** Leases revoked. */
    public long revoked() {
        return revoked.sum();
    }

    /** Renewals by this member as leader. */
    public long renewed() {
        return renewed.sum();
    }

    /** Publishes them. */
    public void register(Meters meters) {
        meters.counter("etcd_debugging_lease_granted_total", "Leases granted.", this::granted);
        meters.counter("etcd_debugging_lease_renewed_total", "Leases renewed by this member as leader.", this::renewed);
        meters.counter("etcd_debugging_lease_revoked_total", "Leases revoked.", this::revoked);
    }
}
