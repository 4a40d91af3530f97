package io.quorate.node;

import io.quorate.base.AgentThread;
import io.quorate.base.Fault;
import io.quorate.base.MonotonicClock;
import io.quorate.fixture.NoDurations;
import io.quorate.node.snapshot.SnapshotFiles;
import io.quorate.node.transport.PeerAddress;
import io.quorate.node.transport.PeerDirectory;
import io.quorate.node.transport.PeerIdentity;
import io.quorate.node.transport.PeerNetwork;
import io.quorate.node.transport.PeerReceivers;
import io.quorate.node.transport.PeerSettings;
import io.quorate.node.wal.WalSettings;
import io.quorate.proto.Metadata;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.Message;
import io.quorate.raft.Peer;
import io.quorate.raft.RaftConfig;
import io.quorate.raft.Ready.ReadState;
import io.quorate.raft.Ready.SoftState;
import io.quorate.raft.Role;
import io.quorate.raft.confchange.ConfChange;
import io.quorate.raft.confchange.ConfChangeCodec;
import io.quorate.raft.confchange.ConfChanger;
import io.quorate.raft.tracker.Configuration;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;

/**
 * Members with the real node, log writer, log and transport, whose state machine does nothing. Whoever leads proposes, and
 * for each entry that it applies the next one.
 */
final class NodeLoad implements Load {

    private static final long CLUSTER = 0xbe;
    private static final long HEARTBEAT_NANOS = Duration.ofMillis(100).toNanos();
    private static final int INBOX = 4_096;
    private static final long ENTRIES_KEPT = 10_000;

    private final Completions completions = new Completions();
    private final Map<Long, PeerAddress> addresses = new ConcurrentHashMap<>();
    private final List<Long> ids;
    private final int inFlight;
    private final List<Member> members = new ArrayList<>();

    NodeLoad(Path directory, int size, int inFlight) throws IOException {
        this.ids = LongStream.rangeClosed(1, size).boxed().toList();
        this.inFlight = inFlight;
        for (long id : ids) {
            members.add(new Member(id, directory.resolve("m" + id)));
        }
        members.forEach(Member::start);
    }

    /** One member; its callbacks are the node's thread's. */
    private final class Member implements RaftEvents, PeerDirectory {

        private final long id;
        private final PeerNetwork network;
        private final RaftNode node;
        private final AgentThread nodeThread;
        private final AgentThread writerThread;
        private Configuration configuration;
        /** The term in which this member leads and proposes; 0 while another one leads. */
        private long reign;

        private long snapshotIndex;

        Member(long id, Path directory) throws IOException {
            this.id = id;
            network = new PeerNetwork(new PeerIdentity(CLUSTER, id, "bench"), this, PeerSettings.DEFAULT);
            int port = ((InetSocketAddress) network.listen(new PeerAddress("127.0.0.1", 0, false))).getPort();
            addresses.put(id, new PeerAddress("127.0.0.1", port, false));
            WalSettings options = WalSettings.DEFAULT;
            Metadata identity =
                    Metadata.newBuilder().setNodeID(id).setClusterID(CLUSTER).build();
            Bootstrap.Start start = new Bootstrap(
                            directory.resolve("wal"),
                            new SnapshotFiles(directory.resolve("snap"), options.disk()),
                            options,
                            identity,
                            ids.stream()
                                    .map(peer -> new Peer(peer, new byte[0]))
                                    .toList())
                    .start(settings(), null);
            configuration = Configuration.of(start.core().status().confState()); // that of the founders, from the start
            MonotonicClock clock = MonotonicClock.SYSTEM;
            LogWriter writer =
                    new LogWriter(start.wal(), start.snapshots(), start.hardState(), new NoDurations(), clock);
            node = new RaftNode(
                    start.core(),
                    start.storage(),
                    writer,
                    network,
                    clock,
                    new NodeSettings(id, HEARTBEAT_NANOS, INBOX, 2, Long.MAX_VALUE));
            node.connect(this);
            Fault.Sink faults = Throwable::printStackTrace; // a run that stands still shows it too
            nodeThread = new AgentThread(node, faults);
            writerThread = new AgentThread(writer, faults);
            node.attach(nodeThread);
            writer.attach(writerThread);
            network.connect(PeerReceivers.NONE.withInbox(node));
        }

        private RaftConfig settings() {
            return RaftConfig.builder()
                    .id(id)
                    .asyncStorageWrites(true)
                    .preVote(true)
                    .checkQuorum(true)
                    .random(bound -> ThreadLocalRandom.current().nextInt(bound))
                    .build();
        }

        void start() {
            network.setPeers(new HashSet<>(ids));
            writerThread.start();
            nodeThread.start();
        }

        @Override
        public void updateLeadership(SoftState softState, long term) {
            long before = reign;
            reign = softState.role() == Role.LEADER ? term : 0;
            if (reign != 0 && reign != before) {
                for (int i = 0; i < inFlight; i++) {
                    propose();
                }
            }
        }

        private void propose() {
            byte[] payload = ByteBuffer.allocate(PAYLOAD_BYTES)
                    .putLong(reign)
                    .putLong(System.nanoTime())
                    .array();
            boolean taken = node.propose(new OneOfMany(payload));
            Fault.check(taken, "the inbox of %d is full", INBOX);
        }

        @Override
        public void apply(ApplyPacket packet) {
            packet.entries().forEach(this::apply);
            Message confirmation = packet.confirmation();
            if (confirmation != null) {
                node.applied(confirmation);
            }
            if (!packet.entries().isEmpty()) {
                shorten(packet.entries().getLast());
            }
        }

        private void apply(Entry entry) {
            if (entry.type() != EntryType.NORMAL) {
                ConfChange change = ConfChangeCodec.decode(entry);
                configuration = ConfChanger.apply(configuration, change).configuration();
                node.confChangeApplied(entry.index(), change, configuration.toConfState());
            } else if (entry.data().length > 0) {
                ByteBuffer payload = ByteBuffer.wrap(entry.data());
                if (reign != 0
                        && payload.getLong() == reign) { // else too many were in flight after a change of the leader
                    completions.add(payload.getLong());
                    propose();
                }
            }
        }

        private void shorten(Entry last) {
            if (last.index() - snapshotIndex > 2 * ENTRIES_KEPT) {
                snapshotIndex = last.index();
                node.snapshotInMemory(last.index(), configuration.toConfState(), ENTRIES_KEPT);
                node.snapshotOnDisk(last.index(), last.term(), configuration.toConfState());
            }
        }

        @Override
        public void updateCommittedIndex(long index) {}

        @Override
        public void readStates(List<ReadState> states) {}

        @Override
        public void sendSnapshot(Message message) {
            node.snapshotSent(message.to(), false); // it cannot lag behind so far
        }

        @Override
        public List<PeerAddress> addresses(long other) {
            return List.of(addresses.get(other));
        }

        @Override
        public boolean isRemoved(long other) {
            return false;
        }

        @Override
        public byte[] members() {
            return new byte[0];
        }

        void stop() {
            nodeThread.close();
            writerThread.close();
            network.close();
        }
    }

    private record OneOfMany(byte[] data) implements Proposal {

        @Override
        public void dropped() {
            // The next leader proposes as many anew.
        }
    }

    @Override
    public Completions completions() {
        return completions;
    }

    @Override
    public void close() {
        members.forEach(Member::stop);
    }
}
