package io.quorate.apply;

import io.quorate.alarm.Alarm;
import io.quorate.alarm.Alarms;
import io.quorate.base.Bytes;
import io.quorate.base.Fault;
import io.quorate.base.KeyRange;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.lease.LeaseException;
import io.quorate.lease.LeaseManager;
import io.quorate.lease.LeaseRecord;
import io.quorate.lease.LeaseRecord.LeaseCheckpoint;
import io.quorate.membership.Membership;
import io.quorate.mvcc.Compaction;
import io.quorate.mvcc.MvccException;
import io.quorate.mvcc.MvccException.CompactedException;
import io.quorate.mvcc.WriteBatch;
import io.quorate.mvcc.WriteTxn;
import io.quorate.proto.AlarmMember;
import io.quorate.proto.AlarmRequest;
import io.quorate.proto.AlarmResponse;
import io.quorate.proto.AlarmType;
import io.quorate.proto.CompactionRequest;
import io.quorate.proto.CompactionResponse;
import io.quorate.proto.EmptyResponse;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.LeaseCheckpointRequest;
import io.quorate.proto.LeaseCheckpointResponse;
import io.quorate.proto.LeaseGrantRequest;
import io.quorate.proto.LeaseGrantResponse;
import io.quorate.proto.LeaseRevokeResponse;
import io.quorate.proto.PutRequest;
import io.quorate.proto.membershippb.ClusterMemberAttrSetRequest;
import java.util.concurrent.CompletableFuture;

/** The last link of the chain: does what the request says. */
public final class BackendApplier implements Applier {

    private final Headers headers;
    private final KvApplier kv;
    private final TxnApplier txns;
    private final LeaseManager leases;
    private final Compaction compaction;
    private final Membership membership;
    private final Alarms alarms;

    public BackendApplier(
            Headers headers,
            LeaseManager leases,
            Compaction compaction,
            Membership membership,
            Alarms alarms,
            KvCounters counters) {
        this.headers = headers;
        this.kv = new KvApplier(leases, counters);
        this.txns = new TxnApplier(kv, counters);
        this.leases = leases;
        this.compaction = compaction;
        this.membership = membership;
        this.alarms = alarms;
    }

    @Override
    public Outcome apply(InternalRaftRequest request, WriteBatch batch, long term) {
        try {
            return request.hasCompaction()
                    ? compact(request.getCompaction(), batch, term)
                    : applyInTxn(request, batch.begin(), term);
        } catch (RequestException | MvccException | LeaseException e) {
            return new Outcome.Refused(e);
        }
    }

    private Outcome applyInTxn(InternalRaftRequest request, WriteTxn txn, long term) {
        try {
            return dispatch(request, txn, term);
        } finally {
            txn.end();
        }
    }

    private Outcome dispatch(InternalRaftRequest request, WriteTxn txn, long term) {
        return switch (RequestKind.of(request)) {
            case PUT -> put(request.getPut(), txn, term);
            case TXN -> {
                var done = txns.apply(request.getTxn(), txn);
                yield new Outcome.Done(
                        done.setHeader(headers.of(txn.revision(), term)).build());
            }
            case DELETE_RANGE -> {
                var deleted = kv.delete(request.getDeleteRange(), txn);
                yield new Outcome.Done(
                        deleted.setHeader(headers.of(txn.revision(), term)).build());
            }
            case RANGE -> {
                var range = kv.range(request.getRange(), txn);
                yield new Outcome.Done(
                        range.setHeader(headers.of(txn.revision(), term)).build());
            }
            case LEASE_GRANT -> grant(request.getLeaseGrant(), txn, term);
            case LEASE_REVOKE -> revoke(request.getLeaseRevoke().getID(), txn, term);
            case LEASE_CHECKPOINT -> checkpoint(request.getLeaseCheckpoint(), txn, term);
            case ALARM -> alarm(request.getAlarm(), txn, term);
            case CLUSTER_MEMBER_ATTR_SET -> setAttributes(request.getClusterMemberAttrSet());
            case CLUSTER_VERSION_SET -> {
                membership.setClusterVersion(request.getClusterVersionSet().getVer());
                yield new Outcome.Done(EmptyResponse.getDefaultInstance());
            }
            case DOWNGRADE_INFO_SET -> {
                var downgrade = request.getDowngradeInfoSet();
                membership.setDowngradeTarget(downgrade.getEnabled() ? downgrade.getVer() : null);
                yield new Outcome.Done(EmptyResponse.getDefaultInstance());
            }
            case COMPACTION, UNKNOWN -> throw new Fault("a request of this kind does not come here");
        };
    }

    private Outcome put(PutRequest request, WriteTxn txn, long term) {
        kv.check(request, txn);
        var put = kv.put(request, txn);
        return new Outcome.Done(put.setHeader(headers.of(txn.revision(), term)).build());
    }

    private Outcome setAttributes(ClusterMemberAttrSetRequest request) {
        var attributes = request.getMemberAttributes();
        membership.updateAttributes(request.getMemberID(), attributes.getName(), attributes.getClientUrlsList());
        return new Outcome.Done(EmptyResponse.getDefaultInstance());
    }

    /** With {@code physical} the answer waits for the removal, also when there is nothing new to compact. */
    private Outcome compact(CompactionRequest request, WriteBatch batch, long term) {
        long at = request.getRevision();
        try {
            batch.compact(at);
        } catch (CompactedException e) {
            return request.getPhysical()
                    ? new Outcome.Later(
                            () -> compaction.whenIdle().thenCompose(ignored -> CompletableFuture.failedStage(e)))
                    : new Outcome.Refused(e);
        }
        CompactionResponse response = CompactionResponse.newBuilder()
                .setHeader(headers.of(batch.revision(), term))
                .build();
        return request.getPhysical()
                ? new Outcome.Later(() -> compaction.whenFinished(at).thenApply(ignored -> response))
                : new Outcome.Done(response);
    }

    private Outcome grant(LeaseGrantRequest request, WriteTxn txn, long term) {
        LeaseRecord lease = leases.grant(request.getID(), request.getTTL());
        return new Outcome.Done(LeaseGrantResponse.newBuilder()
                .setHeader(headers.of(txn.revision(), term))
                .setID(lease.id())
                .setTTL(lease.ttl())
                .build());
    }

    /** All keys of the lease go in one revision, in key order, so that every member makes the same records. */
    private Outcome revoke(long id, WriteTxn txn, long term) {
        for (Bytes key : leases.revoke(id)) {
            txn.deleteRange(KeyRange.single(key), false);
        }
        return new Outcome.Done(LeaseRevokeResponse.newBuilder()
                .setHeader(headers.of(txn.revision(), term))
                .build());
    }

    private Outcome checkpoint(LeaseCheckpointRequest request, WriteTxn txn, long term) {
        leases.checkpoint(request.getCheckpointsList().stream()
                .map(each -> new LeaseCheckpoint(each.getID(), each.getRemainingTTL()))
                .toList());
        return new Outcome.Done(LeaseCheckpointResponse.newBuilder()
                .setHeader(headers.of(txn.revision(), term))
                .build());
    }

    private Outcome alarm(AlarmRequest request, WriteTxn txn, long term) {
        AlarmResponse.Builder response = AlarmResponse.newBuilder().setHeader(headers.of(txn.revision(), term));
        int type = request.getAlarmValue();
        switch (request.getAction()) {
            case GET -> alarms.list(type).forEach(alarm -> response.addAlarms(wire(alarm)));
            case ACTIVATE -> {
                if (type != AlarmType.NONE_VALUE) {
                    response.addAlarms(wire(alarms.activate(request.getMemberID(), type)));
                }
            }
            case DEACTIVATE -> {
                if (alarms.deactivate(request.getMemberID(), type)) {
                    response.addAlarms(wire(new Alarm.AlarmId(request.getMemberID(), type)));
                }
            }
            case UNRECOGNIZED -> throw new RequestException(RequestError.UNKNOWN_METHOD);
        }
        return new Outcome.Done(response.build());
    }

    private static AlarmMember wire(Alarm.AlarmId alarm) {
        return AlarmMember.newBuilder()
                .setMemberID(alarm.memberId())
                .setAlarmValue(alarm.number())
                .build();
    }
}
