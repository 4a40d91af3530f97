package io.quorate.wiring;

import io.grpc.BindableService;
import io.grpc.ServiceDescriptor;
import io.grpc.netty.NettyServerBuilder;
import io.quorate.alarm.Alarms;
import io.quorate.alarm.SpaceQuota;
import io.quorate.api.grpc.Access;
import io.quorate.api.grpc.CallCounters;
import io.quorate.api.grpc.CallDurations;
import io.quorate.api.grpc.ClientVersions;
import io.quorate.api.grpc.ClusterService;
import io.quorate.api.grpc.FollowService;
import io.quorate.api.grpc.KvService;
import io.quorate.api.grpc.LearnerRule;
import io.quorate.api.grpc.LeaseService;
import io.quorate.api.grpc.MaintenanceService;
import io.quorate.api.grpc.MetadataChecks;
import io.quorate.api.grpc.MeteredReads;
import io.quorate.api.grpc.SpaceGate;
import io.quorate.api.grpc.TracedCalls;
import io.quorate.api.grpc.WatchDurations;
import io.quorate.api.grpc.WatchService;
import io.quorate.api.port.ClientMemory;
import io.quorate.api.port.ClientPortLifecycle;
import io.quorate.api.port.ClientPortSettings;
import io.quorate.api.port.ListenAddress;
import io.quorate.api.port.ListenAddress.Protocols;
import io.quorate.api.port.MemoryBudget;
import io.quorate.api.recipe.ElectionService;
import io.quorate.api.recipe.LocalClient;
import io.quorate.api.recipe.LockService;
import io.quorate.apply.ExecutionTimes;
import io.quorate.apply.Headers;
import io.quorate.apply.KvCounters;
import io.quorate.assembly.ProposalAssembly;
import io.quorate.assembly.StateAssembly;
import io.quorate.assembly.TransferTimes;
import io.quorate.base.FileDescriptors;
import io.quorate.base.Meters;
import io.quorate.base.MonotonicClock;
import io.quorate.config.ClientSettings;
import io.quorate.config.LimitSettings;
import io.quorate.config.LiveSettings;
import io.quorate.config.MemberUrl;
import io.quorate.config.RaftSettings;
import io.quorate.lease.LeaseManager;
import io.quorate.maintenance.Defragmentation;
import io.quorate.maintenance.StoreHash;
import io.quorate.membership.Member;
import io.quorate.membership.Membership;
import io.quorate.mvcc.MvccStore;
import io.quorate.proposal.Downgrades;
import io.quorate.proposal.IdGenerator;
import io.quorate.proposal.LeadershipTransfer;
import io.quorate.proposal.LeaseForwarder;
import io.quorate.proposal.LinearizableReader;
import io.quorate.proposal.MembershipChanges;
import io.quorate.proposal.Proposer;
import io.quorate.proposal.ReadPool;
import io.quorate.proposal.SpaceAlarm;
import io.quorate.server.ApplyProgress;
import io.quorate.server.ConsensusState;
import io.quorate.storage.Database;
import io.quorate.watch.WatchHub;
import io.quorate.watch.WatchMemory;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.server.GlobalServerInterceptor;
import org.springframework.grpc.server.ServerBuilderCustomizer;

/** etcd's services on the client port. */
@Configuration(proxyBeanMethods = false)
class EdgeWiring {

    private static final int SLOW_WORK_QUEUE = 16;

    /** Each keeps what is overwritten meanwhile from being dropped. */
    private static final int SNAPSHOTS_MAX = 8;

    private static final int PROBES_WAITING_MAX = 64;

    /** @param opened counts with the files that are open already */
    @Bean
    ClientPortSettings clientPortOptions(
            ClientSettings client, LimitSettings limits, SecurityWiring.SecuredPorts ports, Database opened) {
        boolean shared = client.listenClientHttpUrls().isEmpty();
        List<ListenAddress> addresses = Stream.of(
                        listeners(client.listenClientUrls(), shared ? Protocols.ALL : Protocols.GRPC),
                        listeners(client.listenClientHttpUrls(), Protocols.HTTP),
                        listeners(client.listenMetricsUrls(), Protocols.PAGES))
                .flatMap(List::stream)
                .toList();
        return ClientPortSettings.defaults(ports.clients().accepting(), addresses)
                .withMaxRequestBytes(Math.toIntExact(client.maxRequestBytes().toBytes()))
                .withMaxConcurrentStreams(client.maxConcurrentStreams())
                .withCorsOrigins(Set.copyOf(client.cors()))
                .withHostWhitelist(Set.copyOf(client.hostWhitelist()))
                .withKeepAliveMinTime(client.grpcKeepaliveMinTime())
                .withKeepAliveInterval(client.grpcKeepaliveInterval())
                .withKeepAliveTimeout(client.grpcKeepaliveTimeout())
                .withMessageMemoryBytes(limits.clientMemory().toBytes())
                .withBufferMemoryBytes(limits.clientBuffers().toBytes())
                .withMemoryPatience(limits.memoryWait())
                .withConnectionsMax(FileDescriptors.ofProcess().clients());
    }

    private static List<ListenAddress> listeners(List<MemberUrl> urls, Protocols protocols) {
        return urls.stream()
                .map(url -> ListenAddress.parse(url.toString(), protocols))
                .toList();
    }

    @Bean
    KvService kvService(
            Access access,
            Reads reads,
            KvService.State state,
            Headers headers,
            SpaceGate space,
            KvService.Limits limits) {
        return new KvService(access, reads.reader(), state, headers, reads.pool(), space, limits, reads.metered());
    }

    /** What a range goes through: what makes it linearizable, where it runs, what its answer counts against. */
    record Reads(LinearizableReader reader, ReadPool pool, MeteredReads metered) {}

    @Bean
    Reads reads(LinearizableReader reader, ReadPool readPool, ClientMemory memory, LargeReads large) {
        return new Reads(reader, readPool, new MeteredReads(memory.messages(), large.pool()));
    }

    /** Threads of their own for reads that take long, so that small ones do not wait behind them. */
    record LargeReads(ReadPool pool) implements AutoCloseable {

        @Override
        public void close() {
            pool.close();
        }
    }

    @Bean
    LargeReads largeReads(LimitSettings limits) {
        return new LargeReads(new ReadPool("large-read", limits.readThreads(), limits.readQueue()));
    }

    @Bean
    KvService.Limits kvLimits(ClientSettings client, LiveSettings settings) {
        return new KvService.Limits(
                () -> settings.now().client().maxTxnOps(),
                client.maxRequestBytes().toBytes());
    }

    @Bean
    SpaceGate spaceGate(SpaceQuota quota, SpaceAlarm alarm) {
        return new SpaceGate(quota, alarm);
    }

    @Bean
    KvService.State kvState(MvccStore store, ApplyProgress progress, KvCounters counters, ExecutionTimes times) {
        return new KvService.State(store, progress::appliedTerm, counters, times);
    }

    @Bean
    LocalClient primitives(
            KvService kv, LeaseService leases, WatchHub hub, WatchMemory room, ReadPool readPool, Access access) {
        return new LocalClient(kv, leases, hub, room, readPool, access);
    }

    @Bean
    LockService lockService(LocalClient primitives) {
        return new LockService(primitives);
    }

    @Bean
    ElectionService electionService(LocalClient primitives, Headers headers, ApplyProgress progress) {
        return new ElectionService(primitives, headers, progress::appliedTerm);
    }

    @Bean
    ClientVersions clientVersions() {
        return new ClientVersions();
    }

    @Bean
    @GlobalServerInterceptor
    MetadataChecks metadataChecks(ConsensusState consensus, ClientVersions versions) {
        return new MetadataChecks(() -> consensus.leader() != 0, versions);
    }

    @Bean
    CallCounters callCounters(
            ObjectProvider<BindableService> services,
            LiveSettings settings,
            Meters meters,
            ClientSettings client,
            MonotonicClock clock) {
        List<ServiceDescriptor> descriptors = services.stream()
                .map(service -> service.bindService().getServiceDescriptor())
                .toList();
        return new CallCounters(
                descriptors,
                () -> settings.now().client().warningUnaryRequestDuration(),
                new CallDurations(meters, client.metrics() == ClientSettings.Metrics.EXTENSIVE),
                clock);
    }

    @Bean
    ServerBuilderCustomizer<NettyServerBuilder> countedCalls(CallCounters counters) {
        return builder -> builder.addStreamTracerFactory(counters).intercept(new TracedCalls());
    }

    @Bean
    WatchService watchService(
            Access access, WatchHub hub, WatchMemory room, Headers headers, ApplyProgress progress, Meters meters) {
        return new WatchService(access, hub, room, headers, progress::appliedTerm, new WatchDurations(meters));
    }

    /** Watchers stay as long as their clients like. */
    @Bean
    WatchMemory watchRoom(ClientMemory memory) {
        MemoryBudget account = memory.messages();
        return new WatchMemory() {
            @Override
            public boolean hold(long bytes) {
                return account.holdLasting(bytes);
            }

            @Override
            public void release(long bytes) {
                account.releaseLasting(bytes);
            }
        };
    }

    @Bean
    LeaseService leaseService(
            Access access,
            LeaseManager leases,
            LeaseForwarder leaseForwarder,
            IdGenerator ids,
            Headers headers,
            SpaceGate space,
            Applied applied) {
        return new LeaseService(
                access, leases, leaseForwarder, ids, headers, space, applied.revision(), applied.term());
    }

    /** How far this member's state is, for the headers of answers. */
    record Applied(LongSupplier revision, LongSupplier term) {}

    @Bean
    Applied applied(MvccStore store, ApplyProgress progress) {
        return new Applied(store::currentRevision, progress::appliedTerm);
    }

    @Bean
    ClusterService clusterService(
            Access access,
            Membership membership,
            MembershipChanges changes,
            LinearizableReader reader,
            Headers headers,
            ApplyProgress progress) {
        return new ClusterService(access, membership, changes, reader, headers, progress::appliedTerm);
    }

    @Bean
    FollowService followService(Access access, StateAssembly state, ApplyProgress progress) {
        return new FollowService(access, state.following(), state.store(), state.headers(), progress::appliedTerm);
    }

    @Bean
    MaintenanceService maintenanceService(
            Access access,
            StatusReport status,
            MaintenanceService.Cluster cluster,
            MaintenanceService.StoreOperations store,
            Headers headers,
            ApplyProgress progress,
            SlowWork work) {
        return new MaintenanceService(
                access, status::build, cluster, store, headers, progress::appliedTerm, work.pool(), work.times());
    }

    @Bean
    MaintenanceService.Cluster cluster(
            LeadershipTransfer transfer,
            RaftSettings raft,
            LinearizableReader reader,
            Proposer proposer,
            Membership membership) {
        return new MaintenanceService.Cluster(
                transfer, ProposalWiring.requestTimeout(raft), new Downgrades(reader, proposer, membership));
    }

    @Bean
    MaintenanceService.StoreOperations wholeStore(
            Database database,
            MvccStore keys,
            Defragmentation defragmentation,
            MaintenanceService.Snapshots snapshots) {
        return new MaintenanceService.StoreOperations(
                database, new StoreHash(database), keys, defragmentation, snapshots);
    }

    @Bean
    MaintenanceService.Snapshots clientSnapshots(
            SnapshotPool pool, LiveSettings settings, ProposalAssembly proposals, MonotonicClock clock) {
        return new MaintenanceService.Snapshots(
                new Semaphore(SNAPSHOTS_MAX),
                pool.threads(),
                () -> settings.now().limits().backupBandwidth().toBytes(),
                proposals.delays(),
                clock);
    }

    @Bean
    SnapshotPool snapshotPool() {
        return new SnapshotPool(new ReadPool("snapshot", 1, SNAPSHOTS_MAX));
    }

    /** A thread that reads snapshots for clients: others must not wait behind it. */
    record SnapshotPool(ReadPool threads) implements AutoCloseable {

        @Override
        public void close() {
            threads.close();
        }
    }

    @Bean
    Defragmentation defragmentation(Database database) {
        return new Defragmentation(database);
    }

    @Bean
    MaintenanceService.Times maintenanceTimes(Meters meters, TransferTimes transfers) {
        return MaintenanceService.Times.registeredWith(meters, transfers::copied);
    }

    @Bean
    SlowWork slowWork(MaintenanceService.Times times) {
        return new SlowWork(new ReadPool("slow-work", 1, SLOW_WORK_QUEUE), times);
    }

    /** A thread for long requests of operators, and the recorder of how long they took. */
    record SlowWork(ReadPool pool, MaintenanceService.Times times) implements AutoCloseable {

        @Override
        public void close() {
            pool.close();
        }
    }

    @Bean
    @GlobalServerInterceptor
    LearnerRule learnerRule(Membership membership) {
        return new LearnerRule(() -> {
            Member self = membership.member(membership.localId());
            return self != null && self.isLearner();
        });
    }

    /** A thread for the answers to probes: a supervisor that restarts members must not wait behind their clients. */
    record ProbePool(ReadPool threads) implements AutoCloseable {

        @Override
        public void close() {
            threads.close();
        }
    }

    @Bean
    ProbePool probePool() {
        return new ProbePool(new ReadPool("probe", 1, PROBES_WAITING_MAX));
    }

    @Bean
    MemberProbes memberProbes(
            Alarms alarms,
            ConsensusState consensus,
            Membership membership,
            MvccStore store,
            LinearizableReader reader,
            ProbePool pool) {
        return new MemberProbes(alarms, consensus, membership, store, reader, pool.threads());
    }

    @Bean
    ReadyAnnouncement readyAnnouncement(
            LinearizableReader reader, RunLoopLifecycle member, ClientPortLifecycle clientPort) {
        return new ReadyAnnouncement(reader, member, clientPort);
    }

    @Bean
    @ConditionalOnProperty("quorate.auto-promote")
    AutoPromotion autoPromotion(
            Membership membership, MembershipChanges changes, ProposalAssembly proposals, RunLoopLifecycle member) {
        return new AutoPromotion(membership, changes, proposals.delays(), member);
    }
}
