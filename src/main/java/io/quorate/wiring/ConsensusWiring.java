package io.quorate.wiring;

import io.quorate.apply.ConsistentIndex;
import io.quorate.apply.SnapshotInstaller;
import io.quorate.apply.StoredConfState;
import io.quorate.assembly.ConsensusAssembly;
import io.quorate.assembly.StateAssembly;
import io.quorate.base.MonotonicClock;
import io.quorate.bootstrap.ClusterDirectory;
import io.quorate.bootstrap.Enrolment;
import io.quorate.bootstrap.EnrolmentRegister;
import io.quorate.bootstrap.IdentityFinder.MemberIdentity;
import io.quorate.config.ClusterSettings;
import io.quorate.config.LimitSettings;
import io.quorate.config.MemberSettings;
import io.quorate.config.RaftSettings;
import io.quorate.membership.Membership;
import io.quorate.node.Bootstrap;
import io.quorate.node.LogWriter;
import io.quorate.node.MemberRaftConfig;
import io.quorate.node.NodeSettings;
import io.quorate.node.RaftNode;
import io.quorate.node.snapshot.SnapshotDirectories;
import io.quorate.node.snapshot.SnapshotFiles;
import io.quorate.node.transport.PeerNetwork;
import io.quorate.node.wal.Wal;
import io.quorate.node.wal.WalSettings;
import io.quorate.ops.MemberDurations;
import io.quorate.proto.Metadata;
import io.quorate.raft.ConfState;
import io.quorate.raft.RaftConfig;
import io.quorate.repair.StateRebuild;
import io.quorate.server.ApplyProgress;
import io.quorate.server.ConsensusState;
import io.quorate.server.ErrorChannel;
import io.quorate.storage.Database;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import lombok.extern.slf4j.Slf4j;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Raft: its log, the node that drives the core, and the members that a new one has to ask before it takes part. */
@Slf4j
@Configuration(proxyBeanMethods = false)
class ConsensusWiring {

    /** The database comes first: opening it locks the data directory. */
    @Bean
    Bootstrap.Start start(
            Database database,
            MemberSettings member,
            ClusterSettings cluster,
            RaftSettings raft,
            MemberIdentity origin,
            SnapshotDirectories folders,
            StateRebuild rebuild) {
        WalSettings wal = WalSettings.DEFAULT.withFsync(!member.unsafeNoFsync());
        SnapshotFiles snapshots =
                new SnapshotFiles(member.dataDirectory().resolve("member").resolve("snap"), wal.disk());
        Metadata identity = origin.identity();
        Bootstrap bootstrap = new Bootstrap(member.walDirectory(), snapshots, wal, identity, origin.founders());
        RaftConfig config = MemberRaftConfig.config(identity.getNodeID(), raft.electionTicks(), raft.preVote());
        rebuild.run(bootstrap, database);
        if (!folders.isEmpty() && Bootstrap.isRestart(member.walDirectory())) {
            snapshots
                    .loadNewest(Wal.snapshots(member.walDirectory()))
                    .ifPresent(newest -> SnapshotInstaller.recover(database, folders, newest));
            folders.purge(new ConsistentIndex(database).index());
        }
        ConfState stored = StoredConfState.load(database);
        long applied = new ConsistentIndex(database).index();
        Bootstrap.Start start;
        if (cluster.forceNewCluster() && Bootstrap.isRestart(member.walDirectory())) {
            start = bootstrap.startAlone(config, stored, applied);
        } else {
            start = bootstrap.start(config, stored);
        }
        if (!start.isNew()) {
            log.info(
                    "the state is that at index {}; {} committed entries of the log are applied again",
                    applied,
                    Math.max(0, start.hardState().commit() - applied));
        }
        return start;
    }

    private static void warnOfLoneliness(Membership membership) {
        String others = membership.members().stream()
                .filter(each -> each.id() != membership.localId())
                .map(each -> ClusterDirectory.named(each.name(), each.id()))
                .sorted()
                .collect(Collectors.joining(", "));
        log.warn(
                "cluster of one now; {}; remove force-new-cluster before the next start",
                others.isEmpty() ? "there were no other members" : "members " + others + " were taken out");
    }

    /**
     * The members that a new one has to ask before it takes part.
     *
     * @param others the other members by id, with where they are; empty for a member with a log, and for one alone
     */
    record Enrolling(Map<Long, String> others) {}

    @Bean
    Enrolling enrolling(
            Bootstrap.Start start,
            MemberIdentity origin,
            EnrolmentRegister register,
            MemberSettings member,
            ClusterSettings cluster,
            Membership membership) {
        if (start.isNew()) {
            register.checkFirstStart(member.walDirectory());
        } else if (cluster.forceNewCluster()) {
            warnOfLoneliness(membership);
        }
        Map<Long, String> others = new TreeMap<>();
        if (start.isNew()) {
            origin.peerUrls().forEach((id, urls) -> others.put(id, String.join(" ", urls)));
            others.remove(origin.identity().getNodeID());
        }
        return new Enrolling(others);
    }

    @Bean
    Enrolment enrolment(
            ConsensusAssembly consensus,
            MemberIdentity origin,
            Enrolling enrolling,
            MemberSettings member,
            PeerNetwork network,
            EnrolmentRegister register,
            ErrorChannel errors) {
        long incarnation = consensus.start().incarnation();
        if (enrolling.others().isEmpty()) {
            register.takesPart(incarnation);
        }
        return new Enrolment(
                new Enrolment.Applicant(
                        origin.identity().getNodeID(),
                        incarnation,
                        member.walDirectory().toString()),
                enrolling.others(),
                network::call,
                () -> {
                    register.takesPart(incarnation);
                    consensus.node().release();
                },
                errors);
    }

    @Bean
    NodeSettings nodeSettings(
            Metadata identity, MemberSettings member, RaftSettings raft, LimitSettings limits, Enrolling enrolling) {
        return new NodeSettings(
                identity.getNodeID(),
                raft.heartbeatInterval().toNanos(),
                limits.raftInbox(),
                member.maxWals(),
                MemberRaftConfig.CATCH_UP_BYTES,
                !enrolling.others().isEmpty());
    }

    @Bean
    ConsensusAssembly consensusAssembly(
            StateAssembly state,
            Bootstrap.Start start,
            PeerNetwork network,
            NodeSettings settings,
            MemberDurations durations,
            MonotonicClock clock) {
        return new ConsensusAssembly(state, start, network, settings, new LogDurations(durations), clock);
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
    RaftNode raftNode(ConsensusAssembly consensus) {
        return consensus.node();
    }

    @Bean
    ConsensusState consensusState(ConsensusAssembly consensus) {
        return consensus.state();
    }

    @Bean
    ApplyProgress applyProgress(ConsensusAssembly consensus) {
        return consensus.progress();
    }
}
