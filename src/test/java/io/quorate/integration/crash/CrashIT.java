package io.quorate.integration.crash;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.TestMember;
import io.quorate.integration.ledger.Ledger;
import io.quorate.proto.AuthEnableRequest;
import io.quorate.proto.AuthGrpc;
import io.quorate.proto.AuthUserAddRequest;
import io.quorate.proto.AuthUserGrantRoleRequest;
import io.quorate.proto.mvccpb.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Kills a member while clients write, as often as {@code -Dcrash.rounds} says, and looks for what got lost.
 * Prints the seed of its choices; {@code -Dcrash.seed} takes it back. The moments of the kills depend on the
 * machine too, so a seed repeats the kind of a run, not the run.
 */
class CrashIT {

    private static final int ROUNDS = Integer.getInteger("crash.rounds", 3);
    private static final int CLIENTS = 8;
    private static final int COMPACT_EVERY = 7;
    private static final int FEWEST_WRITES = 50;
    private static final int MOST_WRITES = 4_000;
    private static final Duration WRITING_LIMIT = Duration.ofSeconds(4);
    private static final int LATEST_KILL_MILLIS_IN_START = 3_000;

    /** Small, so that every round takes snapshots and drops parts of the log. */
    private static final Map<String, String> SETTINGS = Map.of("snapshot-count", "500", "auth.bcrypt-cost", "4");

    private final long seed = Long.getLong("crash.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Ledger ledger = new Ledger();
    private final Queue<LeaseNote> leases = new ConcurrentLinkedQueue<>();
    private final Examination examination = new Examination(ledger, leases, random);

    private Function<TestMember, GrpcConnection> connecting = GrpcConnection::to;

    @Test
    void memberWhenKilledKeepsEveryAcknowledgedWrite() throws Exception {
        run(member -> {});
    }

    /** Each client writes in the name of a user, and nobody else gets in after a restart. */
    @Test
    void memberWhenKilledKeepsUsersAndTheirWrites() throws Exception {
        run(member -> {
            try (GrpcConnection grpc = GrpcConnection.to(member)) {
                enableUsers(AuthGrpc.newBlockingStub(grpc.channel()));
            }
            connecting = started -> {
                try (GrpcConnection nobody = GrpcConnection.to(started)) {
                    assertThatThrownBy(() -> nobody.get("a")).hasMessageContaining("user name is empty");
                }
                return GrpcConnection.as("root", "1", started);
            };
        });
    }

    private static void enableUsers(AuthGrpc.AuthBlockingStub users) {
        var unusedAdded = users.userAdd(
                AuthUserAddRequest.newBuilder().setName("root").setPassword("1").build());
        var unusedGranted = users.userGrantRole(AuthUserGrantRoleRequest.newBuilder()
                .setUser("root")
                .setRole("root")
                .build());
        var unusedOn = users.authEnable(AuthEnableRequest.getDefaultInstance());
    }

    private void run(Consumer<TestMember> preparation) throws Exception {
        System.out.printf("CrashIT: %d rounds, -Dcrash.seed=%d%n", ROUNDS, seed);
        try (TestMember member = TestMember.create(SETTINGS)) {
            member.start();
            preparation.accept(member);
            for (int round = 1; round <= ROUNDS; round++) {
                round(member, round);
            }
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("Seed " + seed + ": " + e.getMessage(), e);
        }
    }

    private void round(TestMember member, int round) throws InterruptedException {
        NavigableMap<Long, List<Event>> shown = writeAndKill(member, round);
        if (round % 3 == 0) {
            member.launch();
            member.killAfter(Duration.ofMillis(random.nextInt(LATEST_KILL_MILLIS_IN_START)));
        }
        long start = System.nanoTime();
        member.start();
        Duration startUp = Duration.ofNanos(System.nanoTime() - start);
        try (GrpcConnection grpc = connecting.apply(member)) {
            examination.examine(grpc, shown);
            System.out.printf(
                    "CrashIT round %d: ready again after %d ms, %d revisions as noted%n",
                    round, startUp.toMillis(), examination.knownRevisions());
            if (round % COMPACT_EVERY == 0) {
                examination.compact(grpc);
            }
        }
    }

    private NavigableMap<Long, List<Event>> writeAndKill(TestMember member, int round) throws InterruptedException {
        AtomicBoolean killing = new AtomicBoolean();
        List<Thread> threads = new ArrayList<>();
        try (GrpcConnection grpc = connecting.apply(member);
                LiveWatch watch = new LiveWatch(grpc, examination.firstRevision())) {
            for (int number = 0; number < CLIENTS; number++) {
                String name = "r" + round + "c" + number;
                Client client = new Client(name, random.nextLong(), grpc, ledger, leases, killing::get);
                threads.add(Thread.ofPlatform().name(name).start(client));
            }
            ledger.awaitAcknowledgements(random.nextInt(FEWEST_WRITES, MOST_WRITES), WRITING_LIMIT);
            killing.set(true);
            member.kill();
            for (Thread thread : threads) {
                thread.join();
            }
            return new TreeMap<>(watch.shown());
        }
    }
}
