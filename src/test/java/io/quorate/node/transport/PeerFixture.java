package io.quorate.node.transport;

import static io.quorate.fixture.Expected.present;

import io.quorate.fixture.Steps;
import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

/** Members that consist of a transport only, on loopback, and what arrives at each. */
final class PeerFixture implements AutoCloseable {

    static final long CLUSTER = 0xc1;

    private static final Duration NEVER = Duration.ofDays(1);

    /** Retries soon and gives up nothing: on a starved machine, whatever takes long is late and not broken. */
    static final PeerTiming TIMING =
            new PeerTiming(NEVER, Duration.ofMillis(100), NEVER, Duration.ofMillis(5), Duration.ofMillis(50), NEVER);

    /** Gives up soon, for tests of connections on which nothing is said. */
    static final PeerTiming IMPATIENT = new PeerTiming(
            Duration.ofSeconds(2),
            TIMING.ping(),
            Duration.ofSeconds(2),
            TIMING.backoffMin(),
            TIMING.backoffMax(),
            NEVER);

    final Map<Long, PeerAddress> addresses = new ConcurrentHashMap<>();
    final Set<Long> removed = ConcurrentHashMap.newKeySet();
    private final List<Peer> peers = new ArrayList<>();

    /** Which logs a member knows. */
    static final class Logs implements Incarnations {

        volatile long own;
        final Map<Long, Long> known = new ConcurrentHashMap<>();

        @Override
        public long own() {
            return own;
        }

        @Override
        public long of(long member) {
            return known.getOrDefault(member, 0L);
        }

        @Override
        public void met(long member, long incarnation) {
            if (incarnation != 0) {
                known.putIfAbsent(member, incarnation);
            }
        }
    }

    /** Where a member listens. */
    PeerAddress address(long id) {
        return present(addresses.get(id));
    }

    /** One of them. */
    final class Peer implements PeerInbox, PeerDirectory {

        final long id;
        final PeerNetwork network;
        final List<Message> received = new CopyOnWriteArrayList<>();
        final List<Long> unreachable = new CopyOnWriteArrayList<>();
        final List<Refusal> refusals = new CopyOnWriteArrayList<>();
        final Logs logs = new Logs();
        private final boolean secure;
        volatile boolean full;
        volatile CallHandler calls = PeerReceivers.NONE.calls();
        volatile LongConsumer roundTrips = nanos -> {};

        Peer(long id, long cluster, PeerSettings options, SnapshotSink snapshots) {
            this.id = id;
            this.secure = options.accepting() != null;
            this.network = new PeerNetwork(new PeerIdentity(cluster, id, "test", logs), this, options);
            network.connect(new PeerReceivers(
                    this,
                    snapshots,
                    (from, method, request) -> calls.call(from, method, request),
                    (by, refusal) -> refusals.add(refusal),
                    () -> {},
                    to -> nanos -> roundTrips.accept(nanos)));
        }

        /** What it counted of another member. */
        PeerCounters countersOf(long other) {
            return present(network.counters().get(other));
        }

        PeerAddress listen() throws IOException {
            InetSocketAddress bound = (InetSocketAddress) network.listen(new PeerAddress("127.0.0.1", 0, secure));
            PeerAddress address = new PeerAddress("127.0.0.1", bound.getPort(), secure);
            addresses.put(id, address);
            return address;
        }

        Peer knows(Long... ids) {
            network.setPeers(new HashSet<>(List.of(ids)));
            return this;
        }

        /** Returns once messages of each lane reach the other member. */
        Peer awaitActive(long other) {
            Steps.until(() -> network.activeSinceNanos(other) != 0 && network.reaches(other));
            return this;
        }

        @Override
        public boolean receive(Message message) {
            return !full && received.add(message);
        }

        @Override
        public void unreachable(long other) {
            unreachable.add(other);
        }

        @Override
        public void snapshotSent(long other, boolean ok) {
            throw new AssertionError("the transport does not report snapshots by itself");
        }

        @Override
        public List<PeerAddress> addresses(long other) {
            PeerAddress address = addresses.get(other);
            return address == null ? List.of() : List.of(address);
        }

        @Override
        public boolean isRemoved(long other) {
            return removed.contains(other);
        }

        @Override
        public byte[] members() {
            return new byte[] {4, 2};
        }
    }

    Peer peer(long id) throws IOException {
        return peer(id, CLUSTER, PeerSettings.DEFAULT.withTiming(TIMING));
    }

    Peer peer(long id, long cluster, PeerSettings options) throws IOException {
        return peer(id, cluster, options, PeerReceivers.NONE.snapshots());
    }

    Peer peer(long id, long cluster, PeerSettings options, SnapshotSink snapshots) throws IOException {
        Peer peer = new Peer(id, cluster, options, snapshots);
        peers.add(peer);
        peer.listen();
        return peer;
    }

    static Message message(MessageType type, long from, long to, long index) {
        return Message.builder().type(type).from(from).to(to).index(index).build();
    }

    /** Keeps what was sent to it below a directory. */
    static final class States implements SnapshotSink {

        final Map<Path, Message> arrived = new ConcurrentHashMap<>();
        final AtomicInteger folders = new AtomicInteger();
        final List<Path> discarded = new CopyOnWriteArrayList<>();
        private final Path directory;

        States(Path directory) {
            this.directory = directory;
        }

        @Override
        public Path newFolder() {
            return directory.resolve("incoming-" + folders.incrementAndGet());
        }

        @Override
        public void arrived(Message announcement, Path folder) {
            arrived.put(folder, announcement);
        }

        @Override
        public void discard(Path folder) {
            discarded.add(folder);
        }
    }

    @Override
    public void close() {
        peers.forEach(peer -> peer.network.close());
    }
}
