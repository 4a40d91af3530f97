package io.quorate.apply;

import io.quorate.alarm.Alarms;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.mvcc.WriteBatch;
import io.quorate.proto.AlarmType;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.raft.Entry;

/**
 * Refuses whatever reads or changes keys and leases while a member is known to be corrupt; alarms, members and users can
 * still be changed.
 */
record CorruptApplier(Alarms alarms, Applier next) implements Applier {

    @Override
    public Outcome apply(InternalRaftRequest request, WriteBatch batch, Entry entry) {
        return alarms.isRaised(AlarmType.CORRUPT) && touchesData(request)
                ? new Outcome.Refused(new RequestException(RequestError.CORRUPT))
                : next.apply(request, batch, entry);
    }

    private static boolean touchesData(InternalRaftRequest request) {
        return switch (RequestKind.of(request)) {
            case PUT, DELETE_RANGE, TXN, RANGE, COMPACTION, LEASE_GRANT, LEASE_REVOKE, FOLLOW -> true;
            default -> false;
        };
    }
}
