package io.quorate.integration.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.WatchSession;
import io.quorate.integration.ledger.Attempt;
import io.quorate.integration.ledger.Attempt.Outcome;
import io.quorate.integration.ledger.Ledger;
import io.quorate.integration.ledger.Replay;
import io.quorate.integration.ledger.Revisions;
import io.quorate.proto.CompactionRequest;
import io.quorate.proto.LeaseLeasesRequest;
import io.quorate.proto.LeaseStatus;
import io.quorate.proto.LeaseTimeToLiveRequest;
import io.quorate.proto.LeaseTimeToLiveResponse;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.StatusRequest;
import io.quorate.proto.StatusResponse;
import io.quorate.proto.mvccpb.Event;
import io.quorate.proto.mvccpb.KeyValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Compares a member that has started again with everything that was known before; one for a whole run. */
final class Examination {

    private static final int POINT_READS = 200;

    private final Ledger ledger;
    private final Queue<LeaseNote> leases;
    private final Random random;
    private Replay base = new Replay();
    private long baseRevision = 1;
    private NavigableMap<Long, List<Event>> known = new TreeMap<>();
    private long knownTerm;
    private long knownIndex;

    Examination(Ledger ledger, Queue<LeaseNote> leases, Random random) {
        this.ledger = ledger;
        this.leases = leases;
        this.random = random;
    }

    /** Revision after the one that was compacted last: the oldest that can be watched. */
    long firstRevision() {
        return baseRevision + 1;
    }

    /** Number of revisions that are known to have happened since the last compaction. */
    int knownRevisions() {
        return known.size();
    }

    /** @param shown what a watch was shown before the member died */
    void examine(GrpcConnection grpc, NavigableMap<Long, List<Event>> shown) {
        long current = grpc.get("nothing").getHeader().getRevision();
        assertThat(current).as("revision of the store").isGreaterThanOrEqualTo(ledger.highestRevision());
        checkRaftState(grpc);
        Revisions history = Revisions.read(grpc, firstRevision(), current);
        assertThat(history.events())
                .as("revisions from %d to %d", firstRevision(), current)
                .hasSize(Math.toIntExact(current - baseRevision));
        checkContains(history, known, "the history seen after an earlier restart");
        checkContains(history, shown, "what a watch was shown before the kill");
        ledger.settle(history.events(), current);
        ledger.abandonUnknown();
        Replay replay = new Replay(base);
        replay.apply(history.events());
        assertThat(replay.complaints()).isEmpty();
        checkState(grpc, replay);
        checkOldRevisions(grpc, history);
        checkLeases(grpc, replay);
        ledger.sawRevision(current);
        known = history.events();
        assertThat(ledger.complaints()).isEmpty();
    }

    /** Forgets the past in the member and here. */
    void compact(GrpcConnection grpc) {
        long revision = known.isEmpty() ? baseRevision : known.lastKey();
        base.apply(known);
        baseRevision = revision;
        known = new TreeMap<>();
        ledger.forgetUpTo(revision);
        grpc.kv().compact(CompactionRequest.newBuilder().setRevision(revision).build());
    }

    private void checkRaftState(GrpcConnection grpc) {
        StatusResponse status = grpc.maintenance().status(StatusRequest.getDefaultInstance());
        assertThat(status.getRaftTerm()).as("term").isGreaterThanOrEqualTo(knownTerm);
        assertThat(status.getRaftIndex()).as("index").isGreaterThan(knownIndex);
        knownTerm = status.getRaftTerm();
        knownIndex = status.getRaftIndex();
    }

    private static void checkContains(Revisions history, NavigableMap<Long, List<Event>> part, String what) {
        part.forEach((revision, events) -> assertThat(history.events().get(revision))
                .as("revision %d, compared with %s", revision, what)
                .isEqualTo(events));
    }

    private static void checkState(GrpcConnection grpc, Replay replay) {
        List<KeyValue> state = grpc.kv()
                .range(RangeRequest.newBuilder()
                        .setKey(WatchSession.ZERO)
                        .setRangeEnd(WatchSession.ZERO)
                        .build())
                .getKvsList();
        assertThat(summaries(state)).isEqualTo(summaries(replay.records()));
        assertThat(state.equals(replay.records())).as("values").isTrue();
    }

    private static List<String> summaries(List<KeyValue> records) {
        return records.stream().map(Replay::summary).toList();
    }

    private void checkOldRevisions(GrpcConnection grpc, Revisions history) {
        List<Map.Entry<Long, List<Event>>> revisions =
                new ArrayList<>(history.events().entrySet());
        Collections.shuffle(revisions, random);
        for (var entry : revisions.subList(0, Math.min(POINT_READS, revisions.size()))) {
            long revision = entry.getKey();
            Event event = entry.getValue().getLast();
            RangeRequest read = RangeRequest.newBuilder()
                    .setKey(event.getKv().getKey())
                    .setRevision(revision)
                    .build();
            List<KeyValue> expected =
                    event.getType() == Event.EventType.PUT ? List.of(event.getKv()) : List.<KeyValue>of();
            assertThat(grpc.kv().range(read).getKvsList())
                    .as("%s at revision %d", event.getKv().getKey().toStringUtf8(), revision)
                    .isEqualTo(expected);
        }
    }

    private void checkLeases(GrpcConnection grpc, Replay replay) {
        Set<Long> existing = grpc.lease().leaseLeases(LeaseLeasesRequest.getDefaultInstance()).getLeasesList().stream()
                .map(LeaseStatus::getID)
                .collect(Collectors.toSet());
        Map<Long, List<String>> keys = replay.keysByLease();
        for (LeaseNote lease : leases) {
            Attempt revocation = lease.revocation;
            boolean revoked = revocation != null && revocation.outcome() == Outcome.HAPPENED;
            if (revoked) {
                assertThat(existing)
                        .as("leases, without the revoked %d", lease.id)
                        .doesNotContain(lease.id);
            } else if (lease.granted) {
                assertThat(existing).as("leases, with the granted %d", lease.id).contains(lease.id);
            }
            if (existing.contains(lease.id)) {
                checkLease(grpc, lease.id, keys.getOrDefault(lease.id, List.of()));
            }
        }
        assertThat(existing).as("leases that have keys").containsAll(keys.keySet());
    }

    private static void checkLease(GrpcConnection grpc, long lease, List<String> keys) {
        LeaseTimeToLiveResponse life = grpc.lease()
                .leaseTimeToLive(LeaseTimeToLiveRequest.newBuilder()
                        .setID(lease)
                        .setKeys(true)
                        .build());
        assertThat(life.getGrantedTTL()).as("TTL of lease %d", lease).isEqualTo(LeaseNote.TTL_SECONDS);
        assertThat(life.getTTL()).isBetween(1L, LeaseNote.TTL_SECONDS);
        assertThat(life.getKeysList().stream().map(ByteString::toStringUtf8))
                .as("keys of lease %d", lease)
                .containsExactlyInAnyOrderElementsOf(keys);
    }
}
