package io.quorate.wiring;

import io.quorate.alarm.AlarmRepository;
import io.quorate.alarm.Alarms;
import io.quorate.alarm.SpaceQuota;
import io.quorate.apply.Headers;
import io.quorate.apply.KvCounters;
import io.quorate.assembly.StateAssembly;
import io.quorate.auth.AuthStore;
import io.quorate.base.Meters;
import io.quorate.base.MonotonicClock;
import io.quorate.bootstrap.DataDirectory;
import io.quorate.config.BackendSettings;
import io.quorate.config.ClientSettings;
import io.quorate.config.LimitSettings;
import io.quorate.config.LiveSettings;
import io.quorate.config.MemberSettings;
import io.quorate.config.RaftSettings;
import io.quorate.identity.Tokens;
import io.quorate.lease.LeaseManager;
import io.quorate.lease.LeaseRepository;
import io.quorate.lease.LeaseSettings;
import io.quorate.maintenance.Defragmentation;
import io.quorate.membership.MemberRepository;
import io.quorate.membership.Membership;
import io.quorate.membership.StoredClusterVersion;
import io.quorate.membership.StoredRemovedMembers;
import io.quorate.mvcc.CompactionMeters;
import io.quorate.mvcc.MvccSettings;
import io.quorate.mvcc.MvccStore;
import io.quorate.proto.Metadata;
import io.quorate.storage.ApplyScope;
import io.quorate.storage.Database;
import io.quorate.watch.WatchHub;
import io.quorate.watch.WatchSettings;
import java.time.InstantSource;
import java.util.function.UnaryOperator;
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
        return factory -> {
            MemberSettings member = Binder.get(environment).bindOrCreate("quorate", MemberSettings.class);
            DataDirectory.check(member.dataDirectory());
            DataDirectory.checkCanBeMade("quorate.wal-dir", member.walDirectory());
        };
    }

    @Bean
    MonotonicClock monotonicClock() {
        return MonotonicClock.SYSTEM;
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
    StateAssembly.Stored storedState(
            Database database,
            ApplyScope scope,
            LeaseRepository leases,
            AlarmRepository alarms,
            AuthStore.Repositories auth,
            Membership membership) {
        return new StateAssembly.Stored(database, scope, leases, alarms, auth, membership);
    }

    @Bean
    StateAssembly.Options stateOptions(
            RaftSettings raft,
            BackendSettings backend,
            ClientSettings client,
            LimitSettings limits,
            LiveSettings settings,
            CompactionMeters compactions,
            Tokens tokens) {
        return new StateAssembly.Options(
                LeaseSettings.forElectionTimeout(raft.electionTimeout()).withCheckpoints(backend.leaseCheckpoint()),
                new MvccSettings(backend.compactionBatchLimit(), backend.compactionSleepInterval()),
                WatchSettings.DEFAULTS
                        .withBufferMessages(limits.watchBuffer())
                        .withProgressInterval(client.watchProgressNotifyInterval())
                        .withFragmentBytes(client.maxMessageBytes().toBytes()),
                () -> settings.now().backend().quotaBackendBytes().toBytes(),
                UnaryOperator.identity(),
                compactions,
                tokens);
    }

    @Bean
    StateAssembly stateAssembly(
            StateAssembly.Stored stored,
            StateAssembly.Options options,
            MonotonicClock clock,
            ObjectProvider<Hosting> host) {
        MonotonicClock ofLeases = host.stream().map(Hosting::clock).findFirst().orElse(clock);
        return new StateAssembly(stored, options, ofLeases, RandomGenerator.getDefault());
    }

    @Bean
    CompactionMeters compactionMeters(
            Meters meters, Defragmentation defragmentation, ObjectProvider<EdgeWiring.SlowWork> work) {
        return new CompactionMeters(
                meters, InstantSource.system(), () -> work.getObject().pool().execute(defragmentation::reclaim));
    }

    @Bean
    LeaseManager leaseManager(StateAssembly state) {
        return state.leases();
    }

    @Bean
    MvccStore mvccStore(StateAssembly state) {
        return state.store();
    }

    @Bean
    WatchHub watchHub(StateAssembly state) {
        return state.watches();
    }

    @Bean
    Alarms alarms(StateAssembly state) {
        return state.alarms();
    }

    @Bean
    SpaceQuota spaceQuota(StateAssembly state) {
        return state.quota();
    }

    @Bean
    Headers headers(StateAssembly state) {
        return state.headers();
    }

    @Bean
    KvCounters kvCounters(StateAssembly state) {
        return state.counters();
    }
}
