package io.quorate.apply;

import com.google.protobuf.ByteString;
import io.quorate.auth.AuthRules;
import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import io.quorate.base.RequestException;
import io.quorate.identity.Identity;
import io.quorate.lease.LeaseManager;
import io.quorate.proto.Compare;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RequestOp;
import io.quorate.proto.TxnRequest;
import java.util.List;

/**
 * What one user may do, by request. Each check throws a {@link RequestException} with the first reason to refuse, in etcd's order.
 * The same checks serve entries that are applied and reads that do not go through the log.
 *
 * @param leases whose keys count for what is done to a lease
 */
public record Permissions(AuthRules rules, Identity identity, LeaseManager leases) {

    /** The key, then the keys that hang on its lease already: a user that cannot write those could not revoke the lease. */
    void check(PutRequest put) {
        KeyRange key = KeyRange.single(RangeQueries.bytes(put.getKey()));
        rules.requireWrite(identity, key);
        checkLease(put.getLease());
        if (put.getPrevKv()) {
            rules.requireRead(identity, key);
        }
    }

    /** The keys that are read. */
    public void check(RangeRequest range) {
        rules.requireRead(identity, keys(range.getKey(), range.getRangeEnd()));
    }

    void check(DeleteRangeRequest delete) {
        KeyRange keys = keys(delete.getKey(), delete.getRangeEnd());
        rules.requireWrite(identity, keys);
        if (delete.getPrevKv()) {
            rules.requireRead(identity, keys);
        }
    }

    /** Everything in it, whichever branch will be taken: refusing one branch only would tell what is compared. */
    public void check(TxnRequest txn) {
        for (Compare compare : txn.getCompareList()) {
            rules.requireRead(identity, keys(compare.getKey(), compare.getRangeEnd()));
        }
        check(txn.getSuccessList());
        check(txn.getFailureList());
    }

    private void check(List<RequestOp> operations) {
        for (RequestOp operation : operations) {
            switch (operation.getRequestCase()) {
                case REQUEST_RANGE -> check(operation.getRequestRange());
                case REQUEST_PUT -> check(operation.getRequestPut());
                case REQUEST_DELETE_RANGE -> check(operation.getRequestDeleteRange());
                case REQUEST_TXN -> check(operation.getRequestTxn());
                case REQUEST_NOT_SET -> {}
            }
        }
    }

    /** All keys of a lease can be written, by what ends it or keeps it alive; one that does not exist has none. */
    public void checkLease(long id) {
        if (rules.isAdmin(identity)) {
            return;
        }
        for (Bytes key : leases.keys(id)) {
            rules.requireWrite(identity, KeyRange.single(key));
        }
    }

    /** All keys of a lease can be read, by what shows them. */
    public void checkLeaseKeys(long id) {
        if (rules.isAdmin(identity)) {
            return;
        }
        for (Bytes key : leases.keys(id)) {
            rules.requireRead(identity, KeyRange.single(key));
        }
    }

    void checkAdmin() {
        rules.requireAdmin(identity);
    }

    /** Everybody may look at himself. */
    void checkUserGet(String name) {
        if (!name.equals(identity.user())) {
            rules.requireAdmin(identity);
        }
    }

    /** Everybody may look at roles that he has. */
    void checkRoleGet(String role) {
        if (!rules.hasRole(identity, role)) {
            rules.requireAdmin(identity);
        }
    }

    private static KeyRange keys(ByteString key, ByteString rangeEnd) {
        return RangeQueries.range(key, rangeEnd);
    }
}
