package io.quorate.integration.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quorate.fixture.TestCluster;
import io.quorate.integration.ledger.Ledger;
import io.quorate.linearizability.History;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Breaks a cluster of real processes round after round. {@code -Dfaults.rounds} says how often, {@code -Dfaults.seed}
 * which faults come and whom they hit, {@code -Dfaults.members} how large the cluster is, and {@code -Dfaults.kinds} names
 * kinds of {@link FaultKind} if it is not to be all. What clients do meanwhile depends on the machine too, so a seed repeats
 * the kind of a run, not the run. Needs root, for namespaces and mounts.
 */
class FaultIT {

    private static final int ROUNDS = Integer.getInteger("faults.rounds", 5);
    private static final long SEED = Long.getLong("faults.seed", 631);
    private static final int MEMBERS = Integer.getInteger("faults.members", 3);
    private static final String KINDS = System.getProperty("faults.kinds", "");

    private static final int REGISTER_CLIENTS = 6;
    private static final int LEASE_CLIENTS = 3;
    private static final int WATCHES = 3;
    private static final Duration ELECTION_TIMEOUT = Duration.ofMillis(1_500);
    private static final Duration SERVING_LIMIT = ELECTION_TIMEOUT.multipliedBy(3);
    private static final Duration CALM = Duration.ofMillis(500);

    /** Long enough that members which lost their leader have another one, if they can. */
    private static final long SHORTEST_STORM_MILLIS =
            ELECTION_TIMEOUT.multipliedBy(2).toMillis();

    private static final long LONGEST_STORM_MILLIS =
            ELECTION_TIMEOUT.multipliedBy(4).toMillis();

    /** Snapshots are small, so that members that were away get the state of the leader. */
    private static final Map<String, String> SETTINGS = Map.of(
            "heartbeat-interval", "150ms",
            "election-timeout", ELECTION_TIMEOUT.toMillis() + "ms",
            "snapshot-count", "300",
            "snapshot-catchup-entries", "100",
            "max-wals", "1");

    private final Random random = new Random(SEED);
    private final Ledger ledger = new Ledger();
    private final AtomicLong values = new AtomicLong();
    private final Map<String, LeasePromise> promises = new ConcurrentHashMap<>();

    @Test
    void clusterWhenTheWorldBreaksKeepsItsPromises() throws Exception {
        Optional<String> obstacle = Testbed.obstacle();
        assumeTrue(obstacle.isEmpty(), () -> "FaultIT cannot run here: " + obstacle.orElse(""));
        System.out.printf(
                "FaultIT: %d rounds on %d members, -Dfaults.seed=%d%s%n",
                ROUNDS, MEMBERS, SEED, WallClock.isAvailable() ? "" : ", no clocks jump without libfaketime");
        try (Testbed testbed = new Testbed(MEMBERS, SETTINGS)) {
            try {
                run(testbed);
            } catch (AssertionError | RuntimeException e) {
                System.out.println(testbed.cluster().logTails());
                throw new AssertionError("Seed " + SEED + ": " + e.getMessage(), e);
            }
        }
    }

    private void run(Testbed testbed) throws InterruptedException {
        TestCluster cluster = testbed.cluster().start();
        Endpoints endpoints =
                new Endpoints(cluster.members().stream().map(cluster::grpc).toList());
        List<LeaseClient> holders = IntStream.range(0, LEASE_CLIENTS)
                .mapToObj(number -> new LeaseClient(endpoints, ledger, promises, random.nextLong()))
                .toList();
        List<FollowingWatch> watches = IntStream.range(0, WATCHES)
                .mapToObj(number -> new FollowingWatch(endpoints, number % MEMBERS, ledger, promises))
                .toList();
        List<Thread> threads = start(Stream.concat(holders.stream(), watches.stream()));
        Audit audit = new Audit(endpoints, ledger, promises, watches);
        Deck deck = new Deck(kinds(), random);
        try (Recovery recovery = new Recovery(testbed, endpoints, ledger, values)) {
            for (int round = 1; round <= ROUNDS; round++) {
                round(round, deck.deal().on(testbed, random), endpoints, recovery);
                System.out.printf("  %d revisions as noted%n", audit.examine());
            }
            holders.forEach(LeaseClient::stop);
            audit.awaitNoLeases(LeaseClient.TTL.plus(SERVING_LIMIT));
            System.out.printf("FaultIT: %d revisions, %d leases as promised%n", audit.examine(), promises.size());
        } finally {
            holders.forEach(LeaseClient::stop);
            watches.forEach(FollowingWatch::stop);
            join(threads);
        }
    }

    private static List<FaultKind> kinds() {
        return Stream.of(FaultKind.values())
                .filter(FaultKind::isPossible)
                .filter(kind -> KINDS.isEmpty() || List.of(KINDS.split(",")).contains(kind.name()))
                .toList();
    }

    private void round(int number, Fault fault, Endpoints endpoints, Recovery recovery) throws InterruptedException {
        History history = new History();
        RegisterClient.Round shared = new RegisterClient.Round(number, endpoints, history, ledger, values);
        List<RegisterClient> clients = IntStream.range(0, REGISTER_CLIENTS)
                .mapToObj(client -> new RegisterClient(shared, client, random.nextLong()))
                .toList();
        List<Thread> threads = start(clients.stream());
        try {
            passTime(CALM);
            fault.begin();
            passTime(Duration.ofMillis(random.nextLong(SHORTEST_STORM_MILLIS, LONGEST_STORM_MILLIS)));
            fault.heal();
            Recovery.Figures figures = recovery.measure();
            System.out.printf(
                    "FaultIT round %d: %s; all serve again %d ms after healing, the machine stalled for %d ms%n",
                    number, fault, figures.taken().toMillis(), figures.stalled().toMillis());
            assertThat(figures.taken())
                    .as("%s: until all members serve again", fault)
                    .isLessThanOrEqualTo(SERVING_LIMIT.plus(figures.stalled()));
            passTime(CALM);
        } finally {
            clients.forEach(RegisterClient::stop);
            join(threads);
        }
        history.assertLinearizable();
        System.out.printf("  %d answers, linearizable%n", history.answered());
    }

    /** The storm goes on for so long, unless somebody complains. */
    private void passTime(Duration duration) throws InterruptedException {
        if (ledger.awaitComplaint(duration)) {
            throw new AssertionError("Complaints: " + ledger.complaints());
        }
    }

    private static List<Thread> start(Stream<? extends Runnable> clients) {
        List<Thread> threads = new ArrayList<>();
        clients.forEach(client -> threads.add(
                Thread.ofPlatform().name(client.getClass().getSimpleName()).start(client)));
        return threads;
    }

    private static void join(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
