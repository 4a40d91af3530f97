package io.quorate.apply;

import io.quorate.base.Buckets;
import io.quorate.base.Meters;
import io.quorate.base.Meters.Distributions;
import io.quorate.proto.LeaseGrantResponse;
import java.util.Arrays;
import java.util.function.LongConsumer;

/** Publishes how long requests and the writes of their batches take; the recorders are looked up once. */
public final class ExecutionMeters implements ExecutionTimes.Observer {

    private static final Buckets REQUEST = Buckets.seconds(100_000, 20);
    private static final Buckets DISK = Buckets.seconds(1_000_000, 14);
    private static final Buckets TTL = new Buckets.Doubling(1, 24, 1);
    private static final String API_VERSION = "v3";

    private final LongConsumer[] applied;
    private final LongConsumer[] refused;
    private final LongConsumer read;
    private final LongConsumer notRead;
    private final LongConsumer grantedTtl;
    private final LongConsumer written;

    public ExecutionMeters(Meters meters) {
        Distributions apply =
                meters.distributions("etcd_server_apply_duration_seconds", "Time of applying a request.", REQUEST);
        applied = recorders(apply, true);
        refused = recorders(apply, false);
        Distributions range =
                meters.distributions("etcd_server_range_duration_seconds", "Time of executing a range.", REQUEST);
        read = range.at("success", "true");
        notRead = range.at("success", "false");
        grantedTtl = meters.distribution(
                "etcd_debugging_lease_ttl_total", "Time to live of leases granted, in seconds.", TTL);
        written = meters.distribution(
                "etcd_disk_backend_commit_duration_seconds", "Time of a write of a batch to the store.", DISK);
    }

    private static LongConsumer[] recorders(Distributions apply, boolean success) {
        return Arrays.stream(RequestKind.values())
                .map(kind ->
                        apply.at("version", API_VERSION, "op", kind.wireName(), "success", Boolean.toString(success)))
                .toArray(LongConsumer[]::new);
    }

    /** Takes how long each write of a batch to the database took, in nanoseconds. */
    public LongConsumer written() {
        return written;
    }

    /** A write that went over the quota counts as a success here: it was executed. */
    @Override
    public void applied(RequestKind kind, Outcome outcome, long nanos) {
        switch (outcome) {
            case Outcome.Done done -> {
                applied[kind.ordinal()].accept(nanos);
                if (done.response() instanceof LeaseGrantResponse granted) {
                    grantedTtl.accept(granted.getTTL());
                }
            }
            case Outcome.Later _ -> applied[kind.ordinal()].accept(nanos);
            case Outcome.Refused _ -> refused[kind.ordinal()].accept(nanos);
        }
    }

    @Override
    public void read(boolean success, long nanos) {
        (success ? read : notRead).accept(nanos);
    }
}
