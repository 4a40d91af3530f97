package io.quorate.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.base.Bytes;
import io.quorate.fixture.MapRepository;
import io.quorate.lease.LeaseRecord.LeaseCheckpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A lease manager over a map, stepped by hand with its own clock; an election takes a second. */
final class LeaseFixture implements LeaseDuties {

    static final Duration ELECTION = Duration.ofSeconds(1);
    static final long TERM = 7;
    static final LeaseSettings SETTINGS = LeaseSettings.forElectionTimeout(ELECTION);

    final MapLeaseRepository repository = new MapLeaseRepository();
    final List<List<Long>> revocations = new ArrayList<>();
    final List<List<LeaseCheckpoint>> checkpoints = new ArrayList<>();
    final LeaseSettings settings;
    final LeaseManager leases;
    boolean accepts = true;
    long nanos = -5;

    LeaseFixture() {
        this(SETTINGS);
    }

    LeaseFixture(LeaseSettings settings) {
        this.settings = settings;
        this.leases = new LeaseManager(repository, settings, this, () -> nanos, () -> false);
    }

    static LeaseFixture primary() {
        LeaseFixture fixture = new LeaseFixture();
        fixture.leases.promote(TERM, ELECTION);
        return fixture;
    }

    /** The same stored leases in a new process. */
    LeaseManager restart() {
        return new LeaseManager(repository, settings, this, () -> nanos, () -> false);
    }

    @Override
    public boolean revoke(long term, List<Long> expired) {
        assertThat(term).isEqualTo(TERM);
        if (accepts) {
            revocations.add(expired);
        }
        return accepts;
    }

    @Override
    public void checkpoint(long term, List<LeaseCheckpoint> remaining) {
        assertThat(term).isEqualTo(TERM);
        checkpoints.add(remaining);
    }

    /** Lets time pass, working every half second. */
    void pass(Duration time) {
        long end = nanos + time.toNanos();
        while (nanos < end) {
            nanos = Math.min(end, nanos + 500_000_000L);
            work();
        }
    }

    void work() {
        for (int i = 0; i < 1000; i++) {
            if (leases.doWork() > 0) {
                return;
            }
        }
        throw new AssertionError("the work never ends");
    }

    /** What was offered for revocation since the last call. */
    List<Long> takeRevocations() {
        List<Long> all = revocations.stream().flatMap(List::stream).toList();
        revocations.clear();
        return all;
    }

    List<LeaseCheckpoint> takeCheckpoints() {
        List<LeaseCheckpoint> all = checkpoints.stream().flatMap(List::stream).toList();
        checkpoints.clear();
        return all;
    }

    long remaining(long id) {
        return leases.timeToLive(id, false).remainingTtl();
    }

    static Bytes key(String key) {
        return Bytes.utf8(key);
    }

    /** Leases in a map. */
    static final class MapLeaseRepository extends MapRepository<LeaseRecord, Long> implements LeaseRepository {

        MapLeaseRepository() {
            super(LeaseRecord::id);
        }
    }
}
