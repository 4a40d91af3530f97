package io.quorate.alarm;

import io.quorate.base.Meters;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RequestOp;
import io.quorate.proto.TxnRequest;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * How much room the store may take, and what a request costs of it (docs/etcd-v3.md, section 2.10). Only what adds something
 * costs: deletes, compactions and revocations are how room is won back.
 *
 * @param limitBytes size that must not be reached, now; 0 or less means that there is no limit
 * @param sizeBytes physical size of the store now
 */
public record SpaceQuota(LongSupplier limitBytes, LongSupplier sizeBytes) {

    /** What a new lease costs. */
    public static final long LEASE_BYTES = 64;

    private static final long PUT_OVERHEAD_BYTES = 256;

    /** Whether there is room for a request of this cost; there always is for one that costs nothing. */
    public boolean admits(long costBytes) {
        long limit = limitBytes.getAsLong();
        return costBytes == 0 || limit <= 0 || sizeBytes.getAsLong() + costBytes < limit;
    }

    /** How much is taken, and of what, for a line in the log. */
    public String describe() {
        return "it takes " + sizeBytes.getAsLong() + " bytes of the " + limitBytes.getAsLong()
                + " of quorate.quota-backend-bytes";
    }

    /** Registers the limit. */
    public void register(Meters meters) {
        meters.gauge(
                "etcd_server_quota_backend_bytes",
                "Size of the store in bytes at which writes are refused.",
                () -> Math.max(0, limitBytes.getAsLong()));
    }

    /** What a put costs: its key, its value, and something for their record. */
    public static long cost(PutRequest put) {
        return PUT_OVERHEAD_BYTES + put.getKey().size() + put.getValue().size();
    }

    /** What the dearer branch of a transaction costs, nested ones included. */
    public static long cost(TxnRequest txn) {
        return Math.max(cost(txn.getSuccessList()), cost(txn.getFailureList()));
    }

    private static long cost(List<RequestOp> operations) {
        long sum = 0;
        for (RequestOp operation : operations) {
            sum += switch (operation.getRequestCase()) {
                case REQUEST_PUT -> cost(operation.getRequestPut());
                case REQUEST_TXN -> cost(operation.getRequestTxn());
                case REQUEST_RANGE, REQUEST_DELETE_RANGE, REQUEST_NOT_SET -> 0;
            };
        }
        return sum;
    }
}
