package io.quorate.wiring;

import io.quorate.apply.ConsistentIndex;
import io.quorate.apply.SnapshotInstaller;
import io.quorate.apply.StoredConfState;
import io.quorate.base.MonotonicClock;
import io.quorate.base.Tasks;
import io.quorate.bootstrap.Enrolment;
import io.quorate.bootstrap.EnrolmentRegister;
import io.quorate.config.ClusterProperties;
import io.quorate.config.LimitsProperties;
import io.quorate.config.MemberProperties;
import io.quorate.config.RaftProperties;
import io.quorate.membership.Membership;
import io.quorate.node.Bootstrap;
import io.quorate.node.CoreLog;
import io.quorate.node.LogWriter;
import io.quorate.node.NodeSettings;
import io.quorate.node.RaftNode;
import io.quorate.node.snapshot.SnapshotFiles;
import io.quorate.node.snapshot.StateFolders;
import io.quorate.node.transport.PeerNetwork;
import io.quorate.node.wal.Wal;
import io.quorate.node.wal.WalOptions;
import io.quorate.ops.MemberDurations;
import io.quorate.proto.Metadata;
import io.quorate.raft.ConfState;
import io.quorate.raft.RaftConfig;
import io.quorate.server.ReadyHandler;
import io.quorate.server.RunLoop;
import io.quorate.storage.Database;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Raft: who this member is, its log, the node that drives the core. */
@Configuration(proxyBeanMethods = false)
class ConsensusWiring {

    /** Room for some requests of the largest size, however small the heap. */
    private static final long SHARE_BYTES_MIN = 16L << 20;

    /** etcd's limits: 1 MiB a message, 512 of them in flight. */
    private static final long MESSAGE_BYTES_MAX = 1 << 20;

    private static final int MESSAGES_IN_FLIGHT = 512;

    /** Less than what may wait for a peer, so that a slow one is waited for instead of losing messages. */
    private static final long BYTES_IN_FLIGHT = Math.min(32L << 20, heapShare());

    private static final long COMMITTED_BYTES_MAX = Math.min(32L << 20, heapShare());

    /** etcd's limit where memory allows it: proposals of a leader without followers must not take all of it. */
    private static final long UNCOMMITTED_BYTES_MAX = Math.min(1L << 30, heapShare());

    private static long heapShare() {
        return Math.max(SHARE_BYTES_MIN, Runtime.getRuntime().maxMemory() / 8);
    }

    /** The database comes first: opening it locks the data directory. */
    @Bean
    Bootstrap.Start start(
            Database database,
            MemberProperties member,
            ClusterProperties cluster,
            RaftProperties raft,
            Origin origin,
            StateFolders folders,
            StateRebuild rebuild) {
        WalOptions wal = WalOptions.DEFAULT.withFsync(!member.unsafeNoFsync());
        SnapshotFiles snapshots =
                new SnapshotFiles(member.dataDirectory().resolve("member").resolve("snap"), wal.disk());
        Metadata identity = origin.identity();
        Bootstrap bootstrap = new Bootstrap(member.walDirectory(), snapshots, wal, identity, origin.founders());
        RaftConfig config = raftConfig(identity.getNodeID(), raft);
        rebuild.run(bootstrap, database);
        if (!folders.isEmpty() && Bootstrap.isRestart(member.walDirectory())) {
            snapshots
                    .loadNewest(Wal.snapshots(member.walDirectory()))
                    .ifPresent(newest -> SnapshotInstaller.recover(database, folders, newest));
            folders.purge(new ConsistentIndex(database).index());
        }
        ConfState stored = StoredConfState.load(database);
        long applied = new ConsistentIndex(database).index();
        if (cluster.forceNewCluster() && Bootstrap.isRestart(member.walDirectory())) {
            return bootstrap.startAlone(config, stored, applied);
        }
        return bootstrap.start(config, stored);
    }

    /**
     * Whom a member has to ask before it takes part.
     *
     * @param others the other members by id, with where they are; empty for a member with a log, and for one alone
     */
    record Enrolling(Map<Long, String> others) {}

    @Bean
    Enrolling enrolling(Bootstrap.Start start, Origin origin) {
        Map<Long, String> others = new TreeMap<>();
        if (start.isNew()) {
            origin.peerUrls().forEach((id, urls) -> others.put(id, String.join(" ", urls)));
            others.remove(origin.identity().getNodeID());
        }
        return new Enrolling(others);
    }

    @Bean
    Enrolment enrolment(
            Bootstrap.Start start,
            Origin origin,
            Enrolling enrolling,
            MemberProperties member,
            PeerNetwork network,
            RaftNode node,
            ObjectProvider<RunLoop> runLoop) {
        return new Enrolment(
                new Enrolment.Applicant(
                        origin.identity().getNodeID(),
                        start.incarnation(),
                        member.walDirectory().toString()),
                enrolling.others(),
                network::call,
                node::release,
                cause -> runLoop.getObject().failed(cause));
    }

    @Bean
    EnrolmentRegister enrolmentRegister(MemberProperties member, Membership membership, Tasks maintenance) {
        return new EnrolmentRegister(member.dataDirectory().resolve("member"), membership, maintenance);
    }

    private static RaftConfig raftConfig(long id, RaftProperties raft) {
        return RaftConfig.builder()
                .id(id)
                .electionTicks(raft.electionTicks())
                .heartbeatTicks(1)
                .maxSizePerMsg(MESSAGE_BYTES_MAX)
                .maxCommittedSizePerReady(COMMITTED_BYTES_MAX)
                .maxUncommittedSize(UNCOMMITTED_BYTES_MAX)
                .maxInflightMsgs(MESSAGES_IN_FLIGHT)
                .maxInflightBytes(BYTES_IN_FLIGHT)
                .checkQuorum(true)
                .preVote(raft.preVote())
                .asyncStorageWrites(true)
                .stepDownOnRemoval(true)
                .logger(new CoreLog())
                .random(bound -> ThreadLocalRandom.current().nextInt(bound))
                .build();
    }

    @Bean
    ReadyHandler readyHandler(Bootstrap.Start start) {
        return new ReadyHandler(start.hardState().commit());
    }

    @Bean
    LogWriter logWriter(Bootstrap.Start start, MemberDurations durations) {
        return new LogWriter(start.wal(), start.snapshots(), start.hardState(), new LogDurations(durations));
    }

    /** Publishes how long the disk takes. */
    private record LogDurations(MemberDurations durations) implements LogWriter.Observer {

        @Override
        public void synced(long writeNanos, long fsyncNanos) {
            durations.walWrite().accept(writeNanos);
            durations.walFsync().accept(fsyncNanos);
        }

        @Override
        public void snapshotSaved(long nanos) {
            durations.snapshotFsync().accept(nanos);
            durations.snapshotSave().accept(nanos);
        }
    }

    @Bean
    NodeSettings nodeSettings(
            Metadata identity,
            MemberProperties member,
            RaftProperties raft,
            LimitsProperties limits,
            Enrolling enrolling) {
        return new NodeSettings(
                identity.getNodeID(),
                raft.heartbeatInterval().toNanos(),
                limits.raftInbox(),
                member.maxWals(),
                heapShare(),
                !enrolling.others().isEmpty());
    }

    @Bean
    RaftNode raftNode(
            Bootstrap.Start start,
            LogWriter writer,
            ReadyHandler handler,
            MonotonicClock clock,
            NodeSettings settings,
            PeerNetwork network) {
        RaftNode node = new RaftNode(start.core(), start.storage(), writer, network, handler, clock, settings);
        writer.connect(node::durable);
        return node;
    }
}
