package io.quorate.wiring;

import io.quorate.alarm.Alarms;
import io.quorate.api.grpc.MaintenanceService;
import io.quorate.assembly.ProposalAssembly;
import io.quorate.assembly.ServerAssembly;
import io.quorate.base.MonotonicClock;
import io.quorate.bootstrap.Enrolment;
import io.quorate.bootstrap.EnrolmentRegister;
import io.quorate.config.ClusterSettings;
import io.quorate.config.IntegritySettings;
import io.quorate.config.MemberSettings;
import io.quorate.integrity.CompactionHashes;
import io.quorate.integrity.IntegrityAnswers;
import io.quorate.integrity.IntegrityMonitor;
import io.quorate.integrity.IntegrityMonitor.LocalHistory;
import io.quorate.integrity.StartCheck;
import io.quorate.membership.Membership;
import io.quorate.mvcc.MvccStore;
import io.quorate.node.snapshot.SnapshotDirectories;
import io.quorate.node.transport.CallHandler;
import io.quorate.node.transport.CallTable;
import io.quorate.node.transport.PeerNetwork;
import io.quorate.node.transport.PeerSettings;
import io.quorate.proposal.KnownLeader;
import io.quorate.proposal.LeaderCallHandler;
import io.quorate.proposal.Proposer;
import io.quorate.proposal.ReadPool;
import io.quorate.proto.Metadata;
import io.quorate.repair.RepairNote;
import io.quorate.repair.StateRebuild;
import io.quorate.repair.StateRepair;
import io.quorate.server.ApplyProgress;
import io.quorate.server.ConsensusState;
import io.quorate.server.ErrorChannel;
import io.quorate.server.SnapshotRequests;
import io.quorate.storage.Database;
import io.quorate.storage.springdata.RocksDbSettings;
import java.nio.file.Path;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Whether the data is what was written, and what happens if it is not. */
@Configuration(proxyBeanMethods = false)
class IntegrityWiring {

    private static final int HASHES_WAITING_MAX = 16;

    @Bean
    RepairNote repairNote(MemberSettings member) {
        return RepairNote.in(member.dataDirectory());
    }

    @Bean
    StateRepair stateRepair(
            IntegritySettings integrity,
            RepairNote note,
            RocksDbSettings database,
            MemberSettings member,
            ClusterSettings cluster) {
        Path usual = member.dataDirectory().resolve("member").resolve("db");
        return new StateRepair(integrity.repair(), note, database.directoryOr(usual), cluster);
    }

    @Bean(destroyMethod = "close")
    Database database(RocksDbSettings properties, StateRepair repair) {
        return repair.open(properties.options());
    }

    @Bean
    StateRebuild stateRebuild(
            RepairNote note,
            Metadata identity,
            ClusterSettings cluster,
            PeerSettings options,
            SnapshotDirectories folders) {
        return new StateRebuild(note, identity, cluster, options, folders);
    }

    @Bean
    LocalHistory localHistory(MvccStore store, MaintenanceService.Times times, StateRepair repair) {
        ReadPool worker = new ReadPool("integrity", 1, HASHES_WAITING_MAX);
        return new LocalHistory(store, new CompactionHashes(store, worker, times.hashKv()), worker, repair);
    }

    @Bean
    IntegrityMonitor integrityMonitor(
            LocalHistory history,
            Membership membership,
            KnownLeader view,
            PeerNetwork network,
            Proposer proposer,
            IntegritySettings settings,
            MonotonicClock clock) {
        IntegrityMonitor.Intervals intervals =
                new IntegrityMonitor.Intervals(settings.corruptCheckTime(), settings.compactionInterval());
        return new IntegrityMonitor(history, membership, view, network::call, proposer, intervals, clock.nanos());
    }

    @Bean
    SnapshotRequests snapshotRequests(
            Metadata identity, ConsensusState consensus, ApplyProgress progress, ServerAssembly server) {
        return new SnapshotRequests(identity.getNodeID(), consensus, progress, server.transfers());
    }

    /** What other members ask, by the number of the call. */
    @Bean
    CallHandler peerCalls(
            ProposalAssembly proposals, LocalHistory history, SnapshotRequests states, EnrolmentRegister register) {
        LeaderCallHandler leader = new LeaderCallHandler(proposals.leaseForwarder(), proposals.changes());
        return new CallTable(leader::answer)
                .with(SnapshotRequests.METHOD, (from, method, request) -> states.answer(from))
                .with(Enrolment.METHOD, (from, method, request) -> register.answer(from, request))
                .with(IntegrityAnswers.methods(), new IntegrityAnswers(history)::answer);
    }

    @Bean
    StartCheckLifecycle startCheck(
            MvccStore store,
            Membership membership,
            PeerNetwork network,
            IntegritySettings settings,
            StateRepair repair,
            ErrorChannel errors) {
        repair.connect(membership, errors::fatal);
        return new StartCheckLifecycle(
                new StartCheck(store, membership, network::call), settings.initialCorruptCheck(), repair);
    }

    @Bean
    AlarmWithdrawal alarmWithdrawal(
            StateRebuild rebuild, Alarms alarms, Metadata identity, Proposer proposer, RunLoopLifecycle member) {
        return new AlarmWithdrawal(rebuild, alarms, identity.getNodeID(), proposer, member::isRunning);
    }
}
