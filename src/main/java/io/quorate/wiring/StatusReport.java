package io.quorate.wiring;

import io.quorate.alarm.Alarms;
import io.quorate.apply.Headers;
import io.quorate.membership.Membership;
import io.quorate.membership.Versions;
import io.quorate.ops.MemberStatus;
import io.quorate.proto.DowngradeInfo;
import io.quorate.proto.StatusResponse;
import lombok.RequiredArgsConstructor;

/** What this member reports as its status. The version is that of the etcd interface, which clients decide by. */
@RequiredArgsConstructor
class StatusReport {

    private final MemberStatus status;
    private final Headers headers;
    private final Alarms alarms;
    private final Membership membership;

    StatusResponse build() {
        MemberStatus.Consensus consensus = status.consensus();
        MemberStatus.Store store = status.store();
        StatusResponse.Builder response = StatusResponse.newBuilder()
                .setHeader(headers.of(store.currentRevision(), consensus.appliedTerm()))
                .setVersion(Versions.SERVER)
                .setDbSize(store.sizeBytes())
                .setDbSizeInUse(store.sizeInUseBytes())
                .setLeader(consensus.leaderId())
                .setRaftIndex(consensus.committedIndex())
                .setRaftTerm(consensus.term())
                .setRaftAppliedIndex(consensus.appliedIndex())
                .setIsLearner(consensus.learner())
                .setStorageVersion(Versions.STORAGE)
                .setDbSizeQuota(store.quotaBytes() == 0 ? -1 : store.quotaBytes())
                .setDowngradeInfo(downgrade());
        if (!consensus.hasLeader()) {
            response.addErrors("etcdserver: no leader");
        }
        alarms.list()
                .forEach(alarm -> response.addErrors(
                        "memberID:" + Long.toUnsignedString(alarm.memberId()) + " alarm:" + alarm.typeName() + " "));
        return response.build();
    }

    private DowngradeInfo.Builder downgrade() {
        String target = membership.downgradeTarget();
        return target == null
                ? DowngradeInfo.newBuilder()
                : DowngradeInfo.newBuilder().setEnabled(true).setTargetVersion(target);
    }
}
