package io.quorate.wiring;

import io.quorate.alarm.Alarms;
import io.quorate.apply.ConfChangeApplier;
import io.quorate.apply.ConsistentIndex;
import io.quorate.apply.SnapshotInstaller;
import io.quorate.apply.StateCopy;
import io.quorate.base.MonotonicClock;
import io.quorate.base.Tasks;
import io.quorate.config.MemberProperties;
import io.quorate.lease.LeaseManager;
import io.quorate.membership.Membership;
import io.quorate.mvcc.MvccStore;
import io.quorate.node.RaftNode;
import io.quorate.node.snapshot.StateFolders;
import io.quorate.node.transport.PeerNetwork;
import io.quorate.ops.MemberDurations;
import io.quorate.server.ReadyHandler;
import io.quorate.server.Snapshots;
import io.quorate.server.StateTransfers;
import io.quorate.storage.Database;
import io.quorate.watch.WatchHub;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** States that travel between members. */
@Configuration(proxyBeanMethods = false)
class SnapshotWiring {

    @Bean
    StateFolders stateFolders(MemberProperties member) {
        return new StateFolders(member.dataDirectory().resolve("member").resolve("snap"));
    }

    @Bean
    SnapshotInstaller.State replaceableState(
            MvccStore store,
            LeaseManager leases,
            Membership membership,
            Alarms alarms,
            WatchHub watches,
            ConfChangeApplier confChanges) {
        return new SnapshotInstaller.State(store, leases, membership, alarms, watches, confChanges);
    }

    @Bean
    SnapshotInstaller snapshotInstaller(
            Database database, ConsistentIndex index, StateFolders folders, SnapshotInstaller.State state) {
        return new SnapshotInstaller(database, index, folders, state);
    }

    @Bean
    StateTransfers stateTransfers(
            Database database,
            PeerNetwork network,
            StateFolders folders,
            RaftNode node,
            Tasks maintenance,
            MonotonicClock clock,
            SnapshotLinks links) {
        TransferTimes times = links.times();
        StateTransfers transfers = new StateTransfers(
                times.copying(folder -> StateCopy.take(database, folder)),
                times.shipping(network::sendState),
                folders,
                node,
                maintenance,
                clock);
        links.connect(transfers);
        network.receiveStatesBy(times.receiving(new ReceivedStates(folders, node)));
        return transfers;
    }

    /** Who has to know the transfers, and who measures them. */
    record SnapshotLinks(ReadyHandler handler, Snapshots snapshots, TransferTimes times) {

        void connect(StateTransfers transfers) {
            handler.onSnapshotNeeded(transfers::send);
            snapshots.holdWhile(transfers::holdsLog);
        }
    }

    @Bean
    SnapshotLinks snapshotLinks(
            ReadyHandler handler, Snapshots snapshots, MemberDurations durations, MonotonicClock clock) {
        return new SnapshotLinks(handler, snapshots, new TransferTimes(durations, clock));
    }
}
