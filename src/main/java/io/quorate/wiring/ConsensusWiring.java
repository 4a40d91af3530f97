package io.quorate.wiring;

import io.quorate.base.MonotonicClock;
import io.quorate.config.ClusterProperties;
import io.quorate.config.LimitsProperties;
import io.quorate.config.MemberProperties;
import io.quorate.config.MemberUrl;
import io.quorate.config.RaftProperties;
import io.quorate.membership.Member;
import io.quorate.membership.MemberIds;
import io.quorate.membership.MemberJson;
import io.quorate.node.Bootstrap;
import io.quorate.node.CoreLog;
import io.quorate.node.LogWriter;
import io.quorate.node.NodeSettings;
import io.quorate.node.RaftNode;
import io.quorate.node.snapshot.SnapshotFiles;
import io.quorate.node.transport.Transport;
import io.quorate.node.wal.WalOptions;
import io.quorate.ops.MemberDurations;
import io.quorate.proto.Metadata;
import io.quorate.raft.Peer;
import io.quorate.raft.RaftConfig;
import io.quorate.server.ReadyHandler;
import io.quorate.storage.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Raft: who this member is, its log, the node that drives the core. */
@Configuration(proxyBeanMethods = false)
class ConsensusWiring {

    /** etcd's limits: 1 MiB a message, 512 of them in flight. */
    private static final long MESSAGE_BYTES_MAX = 1 << 20;

    private static final int MESSAGES_IN_FLIGHT = 512;
    private static final long COMMITTED_BYTES_MAX = 32L << 20;
    private static final long UNCOMMITTED_BYTES_MAX = 1L << 30;

    @Bean
    Metadata identity(ClusterProperties cluster) {
        List<Long> ids = new ArrayList<>();
        cluster.initialCluster().members().values().forEach(urls -> ids.add(memberId(urls, cluster)));
        return Metadata.newBuilder()
                .setNodeID(memberId(cluster.initialAdvertisePeerUrls(), cluster))
                .setClusterID(MemberIds.clusterId(ids))
                .build();
    }

    private static long memberId(List<MemberUrl> urls, ClusterProperties cluster) {
        return MemberIds.memberId(texts(urls), cluster.initialClusterToken());
    }

    private static List<String> texts(List<MemberUrl> urls) {
        return urls.stream().map(MemberUrl::toString).toList();
    }

    /** The database comes first: opening it locks the data directory. */
    @Bean
    Bootstrap.Start start(
            Database database,
            MemberProperties member,
            ClusterProperties cluster,
            RaftProperties raft,
            Metadata identity) {
        WalOptions wal = WalOptions.DEFAULT.withFsync(!member.unsafeNoFsync());
        SnapshotFiles snapshots =
                new SnapshotFiles(member.dataDirectory().resolve("member").resolve("snap"), wal.disk());
        List<Peer> peers = new ArrayList<>();
        cluster.initialCluster().members().forEach((name, urls) -> {
            long id = memberId(urls, cluster);
            peers.add(new Peer(id, MemberJson.encode(Member.announced(id, name, texts(urls), false))));
        });
        return new Bootstrap(member.walDirectory(), snapshots, wal, identity, peers)
                .start(raftConfig(identity.getNodeID(), raft));
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
            Metadata identity, MemberProperties member, RaftProperties raft, LimitsProperties limits) {
        return new NodeSettings(
                identity.getNodeID(), raft.heartbeatInterval().toNanos(), limits.raftInbox(), member.maxWals());
    }

    @Bean
    RaftNode raftNode(
            Bootstrap.Start start,
            LogWriter writer,
            ReadyHandler handler,
            MonotonicClock clock,
            NodeSettings settings) {
        Transport nobody = messages -> {
            throw new IllegalStateException("a single member has nobody to send to: " + messages);
        };
        RaftNode node = new RaftNode(start.core(), start.storage(), writer, nobody, handler, clock, settings);
        writer.connect(node::durable);
        return node;
    }
}
