package io.quorate.wiring;

import io.quorate.api.grpc.Access;
import io.quorate.api.grpc.BackupsService;
import io.quorate.api.grpc.CallRegister;
import io.quorate.api.grpc.ClusterService;
import io.quorate.api.grpc.FollowService;
import io.quorate.api.grpc.HistoryService;
import io.quorate.api.grpc.InspectionService;
import io.quorate.api.grpc.KvService;
import io.quorate.api.grpc.LeaseService;
import io.quorate.api.grpc.MaintenanceService;
import io.quorate.api.grpc.MeteredReads;
import io.quorate.api.grpc.SpaceGate;
import io.quorate.api.grpc.WatchDurations;
import io.quorate.api.grpc.WatchService;
import io.quorate.api.recipe.ElectionService;
import io.quorate.api.recipe.LocalClient;
import io.quorate.api.recipe.LockService;
import io.quorate.apply.ExecutionTimes;
import io.quorate.apply.Headers;
import io.quorate.apply.KvCounters;
import io.quorate.assembly.StateAssembly;
import io.quorate.base.Meters;
import io.quorate.config.LiveSettings;
import io.quorate.lease.LeaseManager;
import io.quorate.membership.Membership;
import io.quorate.mvcc.MvccStore;
import io.quorate.proposal.IdGenerator;
import io.quorate.proposal.LeaseForwarder;
import io.quorate.proposal.LinearizableReader;
import io.quorate.proposal.MembershipChanges;
import io.quorate.proposal.ReadPool;
import io.quorate.server.ApplyProgress;
import io.quorate.watch.WatchHub;
import io.quorate.watch.WatchMemory;
import lombok.RequiredArgsConstructor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** etcd's services on the client port. */
@Configuration(proxyBeanMethods = false)
@RequiredArgsConstructor
class ServiceWiring {

    private final Access access;
    private final Headers headers;
    private final ApplyProgress progress;

    @Bean
    KvService kvService(
            LinearizableReader reader,
            KvService.State state,
            ReadPool readPool,
            SpaceGate space,
            KvService.Limits limits,
            MeteredReads metered) {
        return new KvService(access, reader, state, headers, readPool, space, limits, metered);
    }

    @Bean
    KvService.State kvState(MvccStore store, KvCounters counters, ExecutionTimes times) {
        return new KvService.State(store, progress::appliedTerm, counters, times);
    }

    @Bean
    LocalClient primitives(KvService kv, LeaseService leases, WatchHub hub, WatchMemory room, ReadPool readPool) {
        return new LocalClient(kv, leases, hub, room, readPool, access);
    }

    @Bean
    LockService lockService(LocalClient primitives) {
        return new LockService(primitives);
    }

    @Bean
    ElectionService electionService(LocalClient primitives) {
        return new ElectionService(primitives, headers, progress::appliedTerm);
    }

    @Bean
    WatchService watchService(WatchHub hub, WatchMemory room, Meters meters) {
        return new WatchService(access, hub, room, headers, progress::appliedTerm, new WatchDurations(meters));
    }

    @Bean
    LeaseService leaseService(
            LeaseManager leases, LeaseForwarder leaseForwarder, IdGenerator ids, SpaceGate space, MvccStore store) {
        return new LeaseService(
                access, leases, leaseForwarder, ids, headers, space, store::currentRevision, progress::appliedTerm);
    }

    @Bean
    ClusterService clusterService(Membership membership, MembershipChanges changes, LinearizableReader reader) {
        return new ClusterService(access, membership, changes, reader, headers, progress::appliedTerm);
    }

    @Bean
    FollowService followService(StateAssembly state) {
        return new FollowService(access, state.following(), state.store(), headers, progress::appliedTerm);
    }

    @Bean
    HistoryService historyService(LinearizableReader reader, MvccStore store, ReadPool readPool, MeteredReads metered) {
        return new HistoryService(access, reader, store, headers, progress::appliedTerm, readPool, metered);
    }

    @Bean
    BackupsService backupsService(ObjectProvider<BackupsService.Desk> desk, MvccStore store) {
        return new BackupsService(
                access, desk.getIfAvailable(), headers, store::currentRevision, progress::appliedTerm);
    }

    @Bean
    InspectionService inspectionService(CallRegister calls, LiveSettings settings, MvccStore store) {
        InspectionService.Subject subject = new InspectionService.Subject(
                calls,
                () -> settings.now().client().warningUnaryRequestDuration(),
                () -> settings.all().entrySet().stream()
                        .map(each -> known(each.getKey(), each.getValue()))
                        .toList());
        return new InspectionService(access, subject, headers, store::currentRevision, progress::appliedTerm);
    }

    private static InspectionService.Known known(String name, LiveSettings.Setting setting) {
        return new InspectionService.Known(name, setting.value(), setting.origin(), setting.change());
    }

    @Bean
    MaintenanceService maintenanceService(
            StatusReport status,
            MaintenanceService.Cluster cluster,
            MaintenanceService.StoreOperations store,
            EdgeWiring.SlowWork work) {
        return new MaintenanceService(
                access, status::build, cluster, store, headers, progress::appliedTerm, work.pool(), work.times());
    }
}
