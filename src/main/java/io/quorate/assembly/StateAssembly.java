package io.quorate.assembly;

import io.quorate.alarm.AlarmRepository;
import io.quorate.alarm.Alarms;
import io.quorate.alarm.SpaceQuota;
import io.quorate.apply.ConsistentIndex;
import io.quorate.apply.Headers;
import io.quorate.apply.KvCounters;
import io.quorate.auth.AuthStore;
import io.quorate.base.Metered;
import io.quorate.base.Meters;
import io.quorate.base.MonotonicClock;
import io.quorate.base.Waker;
import io.quorate.following.Following;
import io.quorate.identity.Tokens;
import io.quorate.lease.LeaseManager;
import io.quorate.lease.LeaseRepository;
import io.quorate.lease.LeaseSettings;
import io.quorate.membership.Membership;
import io.quorate.membership.MembershipMeters;
import io.quorate.mvcc.CommitObserver;
import io.quorate.mvcc.Compaction;
import io.quorate.mvcc.MvccSettings;
import io.quorate.mvcc.MvccStore;
import io.quorate.storage.ApplyScope;
import io.quorate.storage.Database;
import io.quorate.watch.MvccHistory;
import io.quorate.watch.WatchHub;
import io.quorate.watch.WatchMeters;
import io.quorate.watch.WatchSettings;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import lombok.Getter;

/**
 * The replicated state of a member: keys, leases, watches, members, alarms, users. Reads what the database holds, which the log must have
 * brought to its snapshot before.
 */
@Getter
public final class StateAssembly implements Metered {

    private final Database database;
    private final ApplyScope scope;
    private final Headers headers;
    private final Membership membership;
    private final LeaseManager leases;
    private final MvccStore store;
    private final WatchHub watches;
    private final Waker watchWaker = new Waker();
    private final Alarms alarms;
    private final AuthStore auth;
    private final Following following;
    private final Tokens tokens;
    private final SpaceQuota quota;
    private final ConsistentIndex index;
    private final KvCounters counters = new KvCounters();

    @Getter(lombok.AccessLevel.PACKAGE)
    private final LeaseDutiesLink leaseDuties = new LeaseDutiesLink();

    /**
     * Where the state is.
     *
     * @param scope of the entry that is being applied; metadata is written only in there
     */
    public record Stored(
            Database database,
            ApplyScope scope,
            LeaseRepository leases,
            AlarmRepository alarms,
            AuthStore.Repositories auth,
            Membership membership) {}

    /**
     * What may differ.
     *
     * @param quotaBytes what the database may take, now
     * @param observing stands before the watches and learns of each write first
     * @param compacted learns of compactions
     * @param tokens of users that log in
     */
    public record Options(
            LeaseSettings leases,
            MvccSettings store,
            WatchSettings watches,
            LongSupplier quotaBytes,
            UnaryOperator<CommitObserver> observing,
            Compaction.Observer compacted,
            Tokens tokens) {}

    public StateAssembly(Stored stored, Options options, MonotonicClock clock, RandomGenerator random) {
        database = stored.database();
        scope = stored.scope();
        membership = stored.membership();
        headers = new Headers(membership.clusterId(), membership.localId());
        following = new Following(database, scope);
        leases = new LeaseManager(stored.leases(), options.leases(), leaseDuties, clock, following::isActive);
        leases.restore();
        store = new MvccStore(database, leases, options.store(), clock);
        watches = new WatchHub(new MvccHistory(store), options.watches(), clock, random, watchWaker::wake);
        store.connect(options.observing().apply(watches), options.compacted());
        alarms = new Alarms(stored.alarms());
        tokens = options.tokens();
        auth = new AuthStore(stored.auth(), tokens);
        if (store.isLoading()) {
            watches.restoring();
        }
        quota = new SpaceQuota(options.quotaBytes(), database::sizeBytes);
        index = new ConsistentIndex(database);
    }

    @Override
    public void register(Meters meters) {
        store.register(meters);
        database.register(meters);
        WatchMeters.register(watches, meters);
        leases.counts().register(meters);
        alarms.register(meters);
        quota.register(meters);
        MembershipMeters.register(membership, meters);
        counters.register(meters);
        auth.register(meters);
        following.register(meters);
    }
}
