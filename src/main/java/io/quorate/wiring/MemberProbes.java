package io.quorate.wiring;

import io.quorate.alarm.Alarm;
import io.quorate.alarm.Alarms;
import io.quorate.api.rest.MemberHealth;
import io.quorate.base.Bytes;
import io.quorate.base.KeyRange;
import io.quorate.membership.Member;
import io.quorate.membership.Membership;
import io.quorate.membership.Versions;
import io.quorate.mvcc.MvccStore;
import io.quorate.mvcc.RangeQuery;
import io.quorate.proposal.LinearizableReader;
import io.quorate.proto.AlarmType;
import io.quorate.server.ConsensusState;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;

/** Answers the health pages; the probes read a key that nobody needs to have. */
@RequiredArgsConstructor
class MemberProbes implements MemberHealth {

    private static final RangeQuery PROBE = RangeQuery.builder(KeyRange.single(Bytes.utf8("health")))
            .countOnly(true)
            .build();

    private final Alarms alarms;
    private final ConsensusState consensus;
    private final Membership membership;
    private final MvccStore store;
    private final LinearizableReader reader;
    private final Executor probes;

    @Override
    public Set<AlarmType> alarms() {
        return alarms.list().stream().map(Alarm.AlarmId::type).collect(Collectors.toSet());
    }

    @Override
    public boolean leaderKnown() {
        return consensus.leader() != 0;
    }

    @Override
    public boolean learner() {
        Member self = membership.member(membership.localId());
        return self != null && self.isLearner();
    }

    @Override
    public CompletionStage<?> linearizableRead() {
        return reader.awaitLinearizable(probes).thenApply(ignored -> read());
    }

    @Override
    public CompletionStage<?> serializableRead() {
        return CompletableFuture.supplyAsync(this::read, probes);
    }

    /** A member that loads a state is well, and must be reached. */
    private long read() {
        return store.isLoading() ? store.currentRevision() : store.range(PROBE).revision();
    }

    @Override
    public String serverVersion() {
        return Versions.SERVER;
    }

    @Override
    public @Nullable String clusterVersion() {
        return membership.clusterVersion();
    }

    @Override
    public @Nullable String storageVersion() {
        return Versions.STORAGE;
    }
}
