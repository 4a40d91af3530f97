package io.quorate.wiring;

import io.quorate.alarm.AlarmRepository;
import io.quorate.alarm.Alarms;
import io.quorate.alarm.SpaceQuota;
import io.quorate.apply.ConsistentIndex;
import io.quorate.apply.KvCounters;
import io.quorate.base.LostLogException;
import io.quorate.base.MonotonicClock;
import io.quorate.config.BackendProperties;
import io.quorate.config.ClientProperties;
import io.quorate.config.LimitsProperties;
import io.quorate.config.LiveSettings;
import io.quorate.config.MemberProperties;
import io.quorate.config.RaftProperties;
import io.quorate.lease.LeaseCheckpoint;
import io.quorate.lease.LeaseDuties;
import io.quorate.lease.LeaseManager;
import io.quorate.lease.LeaseRepository;
import io.quorate.lease.LeaseSettings;
import io.quorate.maintenance.Defragmentation;
import io.quorate.membership.MemberRepository;
import io.quorate.membership.Membership;
import io.quorate.mvcc.Compaction;
import io.quorate.mvcc.MvccOptions;
import io.quorate.mvcc.MvccStore;
import io.quorate.node.Bootstrap;
import io.quorate.ops.MemberDurations;
import io.quorate.proto.Metadata;
import io.quorate.server.ExpiredLeases;
import io.quorate.server.MemberThreads;
import io.quorate.server.RunLoop;
import io.quorate.storage.ApplyScope;
import io.quorate.storage.Database;
import io.quorate.storage.StorageCorruptException;
import io.quorate.watch.MvccHistory;
import io.quorate.watch.WatchHub;
import io.quorate.watch.WatchSettings;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.core.env.Environment;

/** The replicated state: keys, leases, watches, members, alarms. */
@Configuration(proxyBeanMethods = false)
class StateWiring {

    /** The start brings the database to the snapshot of the log; before that nobody may read the state. */
    private static final String RECOVERED = "start";

    /** Before any bean is made, so before anything is written there. */
    @Bean
    static BeanFactoryPostProcessor dataDirectoryCheck(Environment environment) {
        return factory -> DataDirectory.check(Binder.get(environment)
                .bindOrCreate("quorate", MemberProperties.class)
                .dataDirectory());
    }

    @Bean
    MonotonicClock monotonicClock() {
        return MonotonicClock.SYSTEM;
    }

    @Bean
    @DependsOn(RECOVERED)
    LeaseManager leaseManager(
            LeaseRepository repository,
            RaftProperties raft,
            BackendProperties backend,
            ObjectProvider<RunLoop> runLoop,
            ObjectProvider<ExpiredLeases> expired,
            MonotonicClock clock) {
        LeaseSettings settings =
                LeaseSettings.forElectionTimeout(raft.electionTimeout()).withCheckpoints(backend.leaseCheckpoint());
        LeaseManager leases = new LeaseManager(repository, settings, new RunLoopDuties(runLoop, expired), clock);
        leases.restore();
        return leases;
    }

    /** The run loop comes later than the leases it revokes; they expire only once it runs. */
    private record RunLoopDuties(ObjectProvider<RunLoop> runLoop, ObjectProvider<ExpiredLeases> leases)
            implements LeaseDuties {

        @Override
        public boolean revoke(long term, List<Long> expired) {
            return runLoop.getObject().expired(term, expired);
        }

        @Override
        public void checkpoint(long term, List<LeaseCheckpoint> checkpoints) {
            leases.getObject().checkpoint(term, checkpoints);
        }
    }

    @Bean
    MvccStore mvccStore(Database database, LeaseManager leases, BackendProperties settings, MonotonicClock clock) {
        MvccOptions options = new MvccOptions(settings.compactionBatchLimit(), settings.compactionSleepInterval());
        return new MvccStore(database, leases, options, clock);
    }

    @Bean
    Compaction compaction(MvccStore store, CompactionFigures figures, ObjectProvider<MemberThreads> threads) {
        Compaction compaction = store.compaction();
        compaction.observe(figures);
        compaction.onWork(() -> threads.getObject().wakeMaintenance());
        return compaction;
    }

    @Bean
    CompactionFigures compactionFigures(
            MemberDurations durations, Defragmentation defragmentation, ObjectProvider<EdgeWiring.SlowWork> work) {
        return new CompactionFigures(
                durations, InstantSource.system(), () -> work.getObject().pool().execute(defragmentation::reclaim));
    }

    @Bean
    WatchHub watchHub(
            MvccStore store,
            ClientProperties client,
            LimitsProperties limits,
            MonotonicClock clock,
            ObjectProvider<MemberThreads> threads) {
        WatchSettings settings = WatchSettings.DEFAULTS
                .withBufferMessages(limits.watchBuffer())
                .withProgressInterval(client.watchProgressNotifyInterval())
                .withFragmentBytes(client.maxMessageBytes().toBytes());
        WatchHub hub = new WatchHub(
                new MvccHistory(store),
                settings,
                clock,
                RandomGenerator.getDefault(),
                () -> threads.getObject().wakeWatches());
        store.setObserver(hub);
        return hub;
    }

    @Bean
    @DependsOn(RECOVERED)
    Membership membership(Metadata identity, MemberRepository members, Database database, ApplyScope scope) {
        return new Membership(
                identity.getClusterID(),
                identity.getNodeID(),
                members,
                new StoredClusterVersion(database, scope),
                new StoredRemovedMembers(database, scope));
    }

    @Bean
    @DependsOn(RECOVERED)
    Alarms alarms(AlarmRepository repository) {
        return new Alarms(repository);
    }

    @Bean
    SpaceQuota spaceQuota(LiveSettings settings, Database database) {
        return new SpaceQuota(() -> settings.now().backend().quotaBackendBytes().toBytes(), database::sizeBytes);
    }

    @Bean
    ConsistentIndex consistentIndex(Database database, Bootstrap.Start start) {
        ConsistentIndex index = new ConsistentIndex(database);
        long last = start.storage().lastIndex();
        if (index.index() > last) {
            throw new LostLogException(
                    "the log ends at index " + last + ", but the state in " + database.directory()
                            + " is that at index " + index.index(),
                    "The log was cut, or is an old copy, or its directory is another one than before: with the right one"
                            + " in place nothing is lost. If it is gone, remove the member from its cluster (etcdctl member"
                            + " remove), set the data directory aside and add it anew.");
        }
        long snapshot = start.snapshot().index();
        if (index.index() < snapshot) {
            throw new StorageCorruptException(
                    database.directory(),
                    "it ends at index " + index.index() + ", but the log begins at " + snapshot,
                    null);
        }
        return index;
    }

    @Bean
    KvCounters kvCounters() {
        return new KvCounters();
    }
}
