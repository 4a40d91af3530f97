package io.quorate.wiring;

import io.grpc.BindableService;
import io.grpc.ServiceDescriptor;
import io.quorate.alarm.Alarms;
import io.quorate.alarm.SpaceQuota;
import io.quorate.api.console.ConsoleDoor;
import io.quorate.api.grpc.Access;
import io.quorate.api.grpc.CallCounters;
import io.quorate.api.grpc.CallDurations;
import io.quorate.api.grpc.CallRegister;
import io.quorate.api.grpc.Callers;
import io.quorate.api.grpc.ClientVersions;
import io.quorate.api.grpc.KvService;
import io.quorate.api.grpc.LearnerRule;
import io.quorate.api.grpc.MaintenanceService;
import io.quorate.api.grpc.MetadataChecks;
import io.quorate.api.grpc.MeteredReads;
import io.quorate.api.grpc.SpaceGate;
import io.quorate.api.port.ClientMemory;
import io.quorate.api.port.ClientPortLifecycle;
import io.quorate.api.port.ClientPortSettings;
import io.quorate.api.port.ListenAddress;
import io.quorate.api.port.ListenAddress.Protocols;
import io.quorate.api.port.MemoryBudget;
import io.quorate.api.rest.RestDoor;
import io.quorate.api.web.RestBounds;
import io.quorate.api.web.RestServlet;
import io.quorate.assembly.ProposalAssembly;
import io.quorate.assembly.TransferTimes;
import io.quorate.base.FileDescriptors;
import io.quorate.base.Meters;
import io.quorate.base.MonotonicClock;
import io.quorate.config.ClientSettings;
import io.quorate.config.ConsoleSettings;
import io.quorate.config.LimitSettings;
import io.quorate.config.LiveSettings;
import io.quorate.config.MemberUrl;
import io.quorate.config.RaftSettings;
import io.quorate.config.RestSettings;
import io.quorate.maintenance.Defragmentation;
import io.quorate.maintenance.StoreHash;
import io.quorate.membership.Member;
import io.quorate.membership.Membership;
import io.quorate.mvcc.MvccStore;
import io.quorate.proposal.Downgrades;
import io.quorate.proposal.LeadershipTransfer;
import io.quorate.proposal.LinearizableReader;
import io.quorate.proposal.MembershipChanges;
import io.quorate.proposal.Proposer;
import io.quorate.proposal.ReadPool;
import io.quorate.proposal.SpaceAlarm;
import io.quorate.server.ConsensusState;
import io.quorate.storage.Database;
import io.quorate.tracing.CallSpans;
import io.quorate.watch.WatchMemory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.server.GlobalServerInterceptor;

/** What etcd's services on the client port go through and call. */
@Configuration(proxyBeanMethods = false)
class EdgeWiring {

    private static final int SLOW_WORK_QUEUE = 16;

    /** Each keeps what is overwritten meanwhile from being dropped. */
    private static final int SNAPSHOTS_MAX = 8;

    /** How long Tomcat waits for the next part of a body; the client port ends a request long before. */
    private static final Duration BODY = Duration.ofMinutes(10);

    private static final int PROBES_WAITING_MAX = 64;

    /** Of the descriptors for clients, a share of this for the REST API: each of its requests takes two more. */
    private static final int REST_SHARE = 8;

    private static final int REST_DESCRIPTORS = 2;

    /**
     * What is left of the limits when descriptors are few.
     *
     * @param connections of clients
     * @param rest requests of the REST API
     */
    record Descriptors(int connections, int rest) {}

    /** @param opened counts with the files that are open already */
    @Bean
    Descriptors descriptors(RestSettings rest, Database opened) {
        int all = FileDescriptors.ofProcess().clients();
        int requests = rest.enabled() ? Math.min(rest.requests(), Math.max(1, all / REST_SHARE)) : 0;
        return new Descriptors(all - REST_DESCRIPTORS * requests, requests);
    }

    @Bean
    RestDoor.Width restWidth(Descriptors descriptors) {
        return new RestDoor.Width(descriptors.rest());
    }

    @Bean
    ClientPortSettings clientPortOptions(
            ClientSettings client, LimitSettings limits, SecurityWiring.SecuredPorts ports, Descriptors descriptors) {
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
                .withConnectionsMax(descriptors.connections());
    }

    private static List<ListenAddress> listeners(List<MemberUrl> urls, Protocols protocols) {
        return urls.stream()
                .map(url -> ListenAddress.parse(url.toString(), protocols))
                .toList();
    }

    /** The REST API, which is made by the first request for it. */
    @Bean
    @ConditionalOnBooleanProperty(name = "quorate.rest.enabled", matchIfMissing = true)
    ServletRegistrationBean<RestServlet> restServlet(ApplicationContext member) {
        ServletRegistrationBean<RestServlet> servlet = new ServletRegistrationBean<>(new RestServlet(member), "/api/*");
        servlet.setName("rest");
        return servlet;
    }

    /** Tomcat has times of its own otherwise, which are none of the program's rules: for bodies the client port has one. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> stalledClients() {
        return tomcat -> tomcat.addConnectorCustomizers(connector -> {
            connector.setProperty("connectionTimeout", Long.toString(RestBounds.STALL.toMillis()));
            connector.setProperty("disableUploadTimeout", "false");
            connector.setProperty("connectionUploadTimeout", Long.toString(BODY.toMillis()));
        });
    }

    @Bean
    RestBounds restBounds(RestSettings rest, ClientPortSettings port) {
        return new RestBounds(port.maxReceiveBytes(), rest.streams());
    }

    /** Without the REST API the console would have nothing to show. */
    @Bean
    ConsoleDoor.Access consoleAccess(ConsoleSettings console, RestSettings rest) {
        return new ConsoleDoor.Access(console.enabled() && rest.enabled(), console.writable());
    }

    @Bean
    MeteredReads meteredReads(ClientMemory memory, LargeReads large) {
        return new MeteredReads(memory.messages(), large.pool());
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
            MonotonicClock clock,
            CallRegister register,
            ObjectProvider<CallSpans> spans) {
        List<ServiceDescriptor> descriptors = services.stream()
                .map(service -> service.bindService().getServiceDescriptor())
                .toList();
        return new CallCounters(
                descriptors,
                () -> settings.now().client().warningUnaryRequestDuration(),
                new CallDurations(meters, client.metrics() == ClientSettings.Metrics.EXTENSIVE),
                clock,
                register,
                spans.getIfAvailable());
    }

    @Bean
    CallRegister callRegister(Callers callers, Access access) {
        return new CallRegister(access.users(callers), InstantSource.system());
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
