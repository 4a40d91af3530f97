package io.quorate.integration.fault;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.TestMember;
import io.quorate.integration.ledger.Attempt;
import io.quorate.integration.ledger.Ledger;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RangeRequest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionFactory;

/**
 * Measures, round after round, how long it takes until every member answers a write and a linearizable read again. Of a
 * member that starts, two parts count: from the moment when it can talk to the others until it has written its name
 * through consensus, and from the moment when clients can talk to it. Between them it loads what it needs to serve, which
 * is the machine's time and not that of elections.
 */
final class Recovery implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration GIVE_UP = Duration.ofMinutes(1);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final int CONNECT_MILLIS = 1_000;
    private static final String PUBLISHED = "published name ";

    /**
     * What was measured.
     *
     * @param taken until all members served
     * @param stalled how long the machine did not run the test meanwhile
     */
    record Figures(Duration taken, Duration stalled) {

        private Figures plus(Figures other) {
            return new Figures(taken.plus(other.taken), stalled.plus(other.stalled));
        }
    }

    private final MachineStalls stalls = new MachineStalls();
    private final Testbed testbed;
    private final Endpoints endpoints;
    private final Ledger ledger;
    private final AtomicLong values;
    private final Map<TestMember, Integer> publications = new HashMap<>();
    private final Map<TestMember, Long> processes = new HashMap<>();

    /** @param values from which no two writes of a run get the same */
    Recovery(Testbed testbed, Endpoints endpoints, Ledger ledger, AtomicLong values) {
        this.testbed = testbed;
        this.endpoints = endpoints;
        this.ledger = ledger;
        this.values = values;
        testbed.members().forEach(this::note);
    }

    private void note(TestMember member) {
        publications.put(member, publications(member));
        processes.put(member, member.pid());
    }

    private static int publications(TestMember member) {
        return member.output().split(PUBLISHED, -1).length;
    }

    /** Waits until all members serve. */
    Figures measure() {
        List<TestMember> started = testbed.members().stream()
                .filter(member -> member.pid() != processes.getOrDefault(member, 0L))
                .toList();
        started.forEach(member -> awaitPort(member, member.peerPort()));
        Figures elected = timed(() -> started.forEach(this::awaitPublished));
        testbed.members().forEach(member -> awaitPort(member, member.clientPort()));
        Figures served = timed(() -> endpoints.all().forEach(this::awaitServed));
        testbed.members().forEach(this::note);
        return elected.plus(served);
    }

    private Figures timed(Runnable wait) {
        Duration stalledBefore = stalls.total();
        long begin = System.nanoTime();
        wait.run();
        return new Figures(
                Duration.ofNanos(System.nanoTime() - begin), stalls.total().minus(stalledBefore));
    }

    private static ConditionFactory patience(TestMember member, String what) {
        return await(member.name() + what)
                .atMost(START_LIMIT)
                .pollInterval(POLL)
                .failFast(() -> requireAlive(member));
    }

    private static void requireAlive(TestMember member) {
        if (!member.isAlive()) {
            String reasons = member.output()
                    .lines()
                    .filter(line -> line.contains(" ERROR "))
                    .collect(Collectors.joining("\n"));
            throw new AssertionError(member.name() + " ended; all its errors so far:\n" + reasons);
        }
    }

    private static void awaitPort(TestMember member, int port) {
        patience(member, " to listen").until(() -> listens(member, port));
    }

    private void awaitPublished(TestMember member) {
        int before = publications.getOrDefault(member, 0);
        patience(member, " to publish its name").until(() -> publications(member) > before);
    }

    private void awaitServed(GrpcConnection endpoint) {
        long begin = System.nanoTime();
        while (!serves(endpoint)) {
            if (System.nanoTime() - begin > GIVE_UP.toNanos()) {
                throw new AssertionError("Not served within " + GIVE_UP + " after healing");
            }
        }
    }

    private static boolean listens(TestMember member, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(member.host(), port), CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            return false; // not yet
        }
    }

    private boolean serves(GrpcConnection endpoint) {
        String value = Long.toString(values.incrementAndGet());
        ByteString key = ByteString.copyFromUtf8("probe");
        Attempt attempt = ledger.add("probe " + value, List.of(Attempt.put("probe", value)));
        try {
            ledger.acknowledge(
                    attempt,
                    Endpoints.kv(endpoint)
                            .put(PutRequest.newBuilder()
                                    .setKey(key)
                                    .setValue(ByteString.copyFromUtf8(value))
                                    .build())
                            .getHeader()
                            .getRevision());
            return Endpoints.kv(endpoint)
                    .range(RangeRequest.newBuilder().setKey(key).build())
                    .hasHeader();
        } catch (StatusRuntimeException refusal) {
            return false; // not yet
        }
    }

    @Override
    public void close() {
        stalls.close();
    }
}
