package io.quorate.apply;

import static io.quorate.fixture.Expected.present;

import com.google.protobuf.ByteString;
import io.quorate.alarm.Alarms;
import io.quorate.apply.Outcome.OutcomeSink;
import io.quorate.auth.AuthStore;
import io.quorate.fixture.ManualClock;
import io.quorate.fixture.StoredMetadata;
import io.quorate.following.Following;
import io.quorate.identity.NoTokens;
import io.quorate.identity.Tokens;
import io.quorate.lease.LeaseDuties;
import io.quorate.lease.LeaseManager;
import io.quorate.lease.LeaseRecord.LeaseCheckpoint;
import io.quorate.lease.LeaseSettings;
import io.quorate.membership.Member;
import io.quorate.membership.MemberJson;
import io.quorate.membership.Membership;
import io.quorate.mvcc.CommitObserver;
import io.quorate.mvcc.Compaction;
import io.quorate.mvcc.MvccSettings;
import io.quorate.mvcc.MvccStore;
import io.quorate.proto.Compare;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RequestOp;
import io.quorate.proto.TxnRequest;
import io.quorate.proto.mvccpb.Event;
import io.quorate.raft.ConfState;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.confchange.ChangeType;
import io.quorate.raft.confchange.ConfChange;
import io.quorate.raft.confchange.ConfChange.MemberChange;
import io.quorate.raft.confchange.ConfChangeCodec;
import io.quorate.raft.confchange.Transition;
import io.quorate.storage.Database;
import io.quorate.storage.StorageSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The state machine of member 1 on a real database, fed with entries by the test. */
final class ApplyFixture implements AutoCloseable {

    static final long ID = 1;
    static final long CLUSTER = 7;
    static final long TERM = 3;
    static final ConfState ALONE = ConfState.ofVoters(List.of(ID));

    final Database database;
    final ManualClock clock = new ManualClock();
    final MvccStore store;
    CommitObserver observer = CommitObserver.NONE;
    final LeaseManager leases;
    final Membership membership;
    final Alarms alarms;
    final Tokens tokens = new NoTokens();
    final AuthStore auth;
    final Following following;
    final FollowSteps steps;
    final KvCounters counters = new KvCounters();
    final BackendApplier backend;
    final ConfChangeApplier confChanges;
    final ConsistentIndex consistentIndex;
    final ApplyAll applyAll;
    final Map<Long, Outcome> outcomes = new HashMap<>();
    final List<Long> newTerms = new ArrayList<>();
    final List<String> toldToTheNode = new ArrayList<>();

    /** Ids that nobody awaits. */
    final Set<Long> foreign = new HashSet<>();

    private final StoredMetadata metadata;
    private long lastIndex;

    private static final class NoDuties implements LeaseDuties {

        @Override
        public boolean revoke(long term, List<Long> expired) {
            return true;
        }

        @Override
        public void checkpoint(long term, List<LeaseCheckpoint> checkpoints) {
            // nobody leads here
        }
    }

    private final class Awaiting implements OutcomeSink {

        @Override
        public void committed(long nanos) {
            // nobody follows the calls
        }

        @Override
        public boolean isAwaited(long id) {
            return !foreign.contains(id);
        }

        @Override
        public void complete(long id, Outcome outcome) {
            outcomes.put(id, outcome);
        }
    }

    ApplyFixture(Path directory) {
        this(directory, new ChainBuilder());
    }

    /** What stands in front of the backend; nothing unless overridden. */
    static class ChainBuilder {

        Applier around(ApplyFixture fixture, BackendApplier backend) {
            return backend;
        }
    }

    ApplyFixture(Path directory, ChainBuilder chain) {
        database = Database.open(
                directory, StorageSettings.DEFAULTS.withCacheBytes(4 << 20).withWriteBufferBytes(4 << 20));
        metadata = StoredMetadata.on(database);
        following = new Following(database, metadata.scope());
        leases = new LeaseManager(
                metadata.leases(),
                LeaseSettings.forElectionTimeout(Duration.ofSeconds(1)),
                new NoDuties(),
                clock,
                following::isActive);
        leases.restore();
        store = new MvccStore(database, leases, MvccSettings.DEFAULT, clock);
        store.connect(
                new CommitObserver() {
                    @Override
                    public void committed(long revision, List<Event> events) {
                        observer.committed(revision, events);
                    }

                    @Override
                    public void restoring() {
                        observer.restoring();
                    }

                    @Override
                    public void restored() {
                        observer.restored();
                    }
                },
                Compaction.Observer.NONE);
        membership = metadata.membership(CLUSTER, ID);
        alarms = new Alarms(metadata.alarms());
        auth = new AuthStore(metadata.auth(), tokens);
        steps = new FollowSteps(new Headers(CLUSTER, ID), following, leases, auth);
        backend = new BackendApplier(
                new Headers(CLUSTER, ID),
                leases,
                store.compaction(),
                membership,
                alarms,
                new AuthRequests(auth, tokens),
                counters);
        ConfState stored = StoredConfState.load(database);
        confChanges = new ConfChangeApplier(
                membership,
                (index, change, result) -> toldToTheNode.add(index + " " + change + " " + result.voters()),
                stored == null ? ALONE : stored,
                stored == null);
        consistentIndex = new ConsistentIndex(database);
        applyAll = new ApplyAll(
                database,
                metadata.scope(),
                store,
                consistentIndex,
                new EntryApplier(chain.around(this, backend), SkippedEntries.NONE),
                confChanges,
                new ApplyAll.Listeners(new Awaiting(), newTerms::add, nanos -> {}));
        lastIndex = new ConsistentIndex(database).index();
    }

    /** The index as a crash now would leave it, if the database loses nothing. */
    long writtenIndex() {
        return new ConsistentIndex(database).index();
    }

    long nextIndex() {
        return ++lastIndex;
    }

    Entry entry(InternalRaftRequest.Builder request) {
        long index = nextIndex();
        byte[] data = request.setID(index).build().toByteArray();
        return new Entry(TERM, index, EntryType.NORMAL, data);
    }

    /** Applies entries that are known to be committed since the start of the clock. */
    ConfState applyEntries(List<Entry> entries) {
        return applyAll.apply(entries, 0);
    }

    /** Applies one entry, whose index is the id of the request. */
    Outcome apply(InternalRaftRequest.Builder request) {
        Entry entry = entry(request);
        applyEntries(List.of(entry));
        return present(outcomes.get(entry.index()));
    }

    /** Applies the change that adds a member. */
    void add(Member member) {
        long index = nextIndex();
        ConfChange change = new ConfChange(
                index,
                Transition.AUTO,
                List.of(new MemberChange(ChangeType.ADD_NODE, member.id())),
                MemberJson.encode(member));
        applyEntries(List.of(
                new Entry(TERM, index, EntryType.CONF_CHANGE, ConfChangeCodec.encode(change, EntryType.CONF_CHANGE))));
    }

    Outcome put(String key, String value) {
        return apply(InternalRaftRequest.newBuilder().setPut(putOf(key, value)));
    }

    Outcome txn(TxnRequest.Builder txn) {
        return apply(InternalRaftRequest.newBuilder().setTxn(txn));
    }

    static PutRequest.Builder putOf(String key, String value) {
        return PutRequest.newBuilder().setKey(bytes(key)).setValue(bytes(value));
    }

    static RequestOp op(PutRequest.Builder put) {
        return RequestOp.newBuilder().setRequestPut(put).build();
    }

    static Compare.Builder compare(String key) {
        return Compare.newBuilder().setKey(bytes(key));
    }

    static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }

    @Override
    public void close() {
        database.closeWithoutFlush();
    }
}
