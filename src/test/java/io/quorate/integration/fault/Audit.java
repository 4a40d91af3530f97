package io.quorate.integration.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.WatchSession;
import io.quorate.integration.ledger.Ledger;
import io.quorate.integration.ledger.Replay;
import io.quorate.integration.ledger.Revisions;
import io.quorate.proto.HashKVRequest;
import io.quorate.proto.LeaseLeasesRequest;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.mvccpb.Event;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;

/** Compares all members, when all serve again, with what clients were told; one for a whole run. */
final class Audit {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Endpoints endpoints;
    private final Ledger ledger;
    private final Map<String, LeasePromise> promises;
    private final List<FollowingWatch> watches;
    private final Replay replay = new Replay();
    private long known = 1;

    Audit(Endpoints endpoints, Ledger ledger, Map<String, LeasePromise> promises, List<FollowingWatch> watches) {
        this.endpoints = endpoints;
        this.ledger = ledger;
        this.promises = promises;
        this.watches = watches;
    }

    /**
     * Looks at everything that happened since the last time.
     *
     * @return the revision up to which everything is as it must be
     */
    long examine() {
        long least = ledger.highestRevision();
        GrpcConnection first = endpoints.all().getFirst();
        long current = first.get("any").getHeader().getRevision();
        assertThat(current).as("revision of the store").isGreaterThanOrEqualTo(least);
        NavigableMap<Long, List<Event>> events =
                Revisions.read(first, known + 1, current).events();
        assertThat(events).as("revisions from %d to %d", known + 1, current).hasSize(Math.toIntExact(current - known));
        ledger.settle(events, current);
        replay.apply(events);
        assertThat(replay.complaints()).isEmpty();
        endpoints.all().forEach(member -> compare(member, events, current));
        assertThat(endpoints.all().stream().map(member -> hash(member, current)))
                .as("hashes at revision %d", current)
                .containsOnly(hash(first, current));
        watches.forEach(watch -> compare(watch, events, current));
        assertThat(ledger.complaints()).isEmpty();
        assertThat(promises.values().stream().map(LeasePromise::broken).flatMap(Optional::stream))
                .as("leases that did not live as long as promised")
                .isEmpty();
        ledger.forgetUpTo(current);
        watches.forEach(watch -> watch.forgetUpTo(current));
        known = current;
        return current;
    }

    private void compare(GrpcConnection member, NavigableMap<Long, List<Event>> events, long current) {
        assertThat(Revisions.read(member, known + 1, current).events().equals(events))
                .as("history of a member like that of the first")
                .isTrue();
        RangeRequest all = RangeRequest.newBuilder()
                .setKey(WatchSession.ZERO)
                .setRangeEnd(WatchSession.ZERO)
                .setRevision(current)
                .build();
        assertThat(member.kv().range(all).getKvsList()).as("state").isEqualTo(replay.records());
    }

    private static int hash(GrpcConnection member, long revision) {
        return member.maintenance()
                .hashKV(HashKVRequest.newBuilder().setRevision(revision).build())
                .getHash();
    }

    private void compare(FollowingWatch watch, NavigableMap<Long, List<Event>> events, long current) {
        await("a watch to reach revision " + current)
                .atMost(PATIENCE)
                .until(() ->
                        watch.lastRevision() >= current || !ledger.complaints().isEmpty());
        assertThat(ledger.complaints()).isEmpty();
        assertThat(watch.shown(known, current).equals(events))
                .as("what a watch was shown from revision %d to %d", known + 1, current)
                .isTrue();
    }

    /** Waits until all leases are gone, of which nobody takes care any more. */
    void awaitNoLeases(Duration limit) {
        for (GrpcConnection member : endpoints.all()) {
            await("the end of all leases")
                    .atMost(limit)
                    .until(() -> member.lease()
                                    .leaseLeases(LeaseLeasesRequest.getDefaultInstance())
                                    .getLeasesCount()
                            == 0);
        }
    }
}
