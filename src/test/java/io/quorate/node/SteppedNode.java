package io.quorate.node;

import io.quorate.fixture.ManualClock;
import io.quorate.fixture.NoDurations;
import io.quorate.membership.Member;
import io.quorate.membership.MemberJson;
import io.quorate.node.snapshot.SnapshotFiles;
import io.quorate.node.transport.Transport;
import io.quorate.node.wal.MemoryDisk;
import io.quorate.node.wal.Wal;
import io.quorate.node.wal.WalSettings;
import io.quorate.node.wal.WalSnapshot;
import io.quorate.proto.Metadata;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import io.quorate.raft.Peer;
import io.quorate.raft.RaftConfig;
import io.quorate.raft.RawNode;
import io.quorate.raft.RawNodeAccess;
import io.quorate.raft.Ready.ReadState;
import io.quorate.raft.Ready.SoftState;
import io.quorate.raft.Role;
import io.quorate.raft.confchange.ConfChange;
import io.quorate.raft.confchange.ConfChangeCodec;
import io.quorate.raft.confchange.ConfChanger;
import io.quorate.raft.tracker.Configuration;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;

/**
 * Member 1 of a cluster up to its node: the real core, node, log writer and log on a disk in memory, stepped by the test,
 * which is also the network and the server behind.
 */
public final class SteppedNode {

    public static final long ID = 1;
    public static final Duration HEARTBEAT = Duration.ofMillis(100);
    private static final Path DIRECTORY = Path.of("/member");
    private static final int INBOX = 64;

    public final ManualClock clock = new ManualClock();
    public final RaftNode node;

    /** What went out to other members. */
    public final List<Message> sent = new ArrayList<>();

    /** Entries that were committed and applied. */
    public final List<Entry> applied = new ArrayList<>();

    public final List<ReadState> reads = new ArrayList<>();

    /** What each look at the clock of the log takes; an fsync takes one. */
    Duration syncTime = Duration.ZERO;

    private long logNanos;
    private final MemoryDisk disk;
    private final Consumer<Message> leaving;
    private final LogWriter writer;
    private final RawNode core;
    private final RaftStorage storage;
    private Configuration configuration;

    /** What the node tells its server, which applies at once and takes every change of members. */
    private final class Server implements RaftEvents {

        @Override
        public void updateLeadership(SoftState softState, long term) {
            // asked for by status()
        }

        @Override
        public void updateCommittedIndex(long index) {
            // told by the packets
        }

        @Override
        public void readStates(List<ReadState> states) {
            reads.addAll(states);
        }

        @Override
        public void sendSnapshot(Message message) {
            sent.add(message);
        }

        @Override
        public void apply(ApplyPacket packet) {
            for (Entry entry : packet.entries()) {
                applied.add(entry);
                if (entry.type() != EntryType.NORMAL) {
                    ConfChange change = ConfChangeCodec.decode(entry);
                    configuration = ConfChanger.apply(configuration, change).configuration();
                    node.confChangeApplied(entry.index(), change, configuration.toConfState());
                }
            }
            if (packet.confirmation() != null) {
                node.applied(packet.confirmation());
            }
        }
    }

    /** All connections are there, and nobody answers but the test. */
    private final class Wires implements Transport {

        @Override
        public void send(List<Message> messages) {
            messages.forEach(leaving);
            sent.addAll(messages);
        }

        @Override
        public boolean reaches(long member) {
            return true;
        }
    }

    /** The first of so many founders. */
    public SteppedNode(int founders) {
        this(founders, new MemoryDisk());
    }

    /** With what the disk holds, if it holds something. */
    public SteppedNode(int founders, MemoryDisk disk) {
        this(founders, disk, message -> {}, false);
    }

    /** One that may write its log by itself, see {@link NodeSettings#writesItself}. */
    static SteppedNode writingItself(int founders, Consumer<Message> leaving) {
        return new SteppedNode(founders, new MemoryDisk(), leaving, true);
    }

    /**
     * @param leaving looks at what goes out at the moment when it does
     */
    SteppedNode(int founders, MemoryDisk disk, Consumer<Message> leaving) {
        this(founders, disk, leaving, false);
    }

    private SteppedNode(int founders, MemoryDisk disk, Consumer<Message> leaving, boolean writesItself) {
        this.disk = disk;
        this.leaving = leaving;
        List<Peer> peers = LongStream.rangeClosed(1, founders)
                .mapToObj(id -> new Peer(id, MemberJson.encode(member(id))))
                .toList();
        RaftConfig config = RaftConfig.builder()
                .id(ID)
                .asyncStorageWrites(true)
                .random(ignored -> 0)
                .build();
        Bootstrap.Start start = new Bootstrap(
                        DIRECTORY.resolve("wal"),
                        new SnapshotFiles(DIRECTORY.resolve("snap"), disk),
                        options(),
                        Metadata.newBuilder().setNodeID(ID).setClusterID(7).build(),
                        peers)
                .start(config, null);
        core = start.core();
        storage = start.storage();
        configuration = Configuration.of(start.core().status().confState());
        writer = new LogWriter(start.wal(), start.snapshots(), start.hardState(), new NoDurations(), clock);
        NodeSettings settings =
                new NodeSettings(ID, HEARTBEAT.toNanos(), INBOX, 2, Long.MAX_VALUE, false, writesItself);
        node = new RaftNode(start.core(), start.storage(), writer, new Wires(), clock, settings);
        node.connect(new Server());
    }

    /** A founder as the others know it. */
    public static Member member(long id) {
        return Member.announced(id, "m" + id, List.of("http://localhost:" + id), false);
    }

    private WalSettings options() {
        return WalSettings.DEFAULT.toBuilder()
                .segmentBytes(1 << 15)
                .disk(disk)
                .background(Runnable::run)
                .clock(() -> logNanos += syncTime.toNanos())
                .build();
    }

    /** Lets the node work, and not its log writer. */
    public void stepNode() {
        node.doWork();
    }

    /** Lets the log writer work, and not the node. */
    public void stepWriter() {
        writer.doWork();
    }

    /** Lets both work until they rest. */
    public SteppedNode settle() {
        boolean busy = true;
        while (busy) {
            busy = node.doWork() == 0;
            busy |= writer.doWork() == 0;
            busy |= node.pending() > 0;
        }
        return this;
    }

    /** Lets time pass, one heartbeat after the other. */
    public void pass(Duration time) {
        for (long left = time.toNanos(); left > 0; left -= HEARTBEAT.toNanos()) {
            clock.advance(HEARTBEAT);
            settle();
        }
    }

    /** Proposes what nobody awaits. */
    public void propose(String text) {
        submit(text);
        settle();
    }

    /** Proposes it, and lets nobody work. */
    void submit(String text) {
        node.propose(new Proposal() {

            @Override
            public byte[] data() {
                return text.getBytes(StandardCharsets.UTF_8);
            }

            @Override
            public void dropped() {
                throw new AssertionError("'" + text + "' was dropped");
            }
        });
    }

    /** Makes it the leader, by the votes of all others. */
    public SteppedNode elected() {
        settle();
        for (int tick = 0; node.status().role() != Role.LEADER; tick++) {
            if (tick == 100) {
                throw new AssertionError("no leader after 100 ticks: " + node.status());
            }
            List<Message> asked = List.copyOf(sent);
            sent.clear();
            asked.forEach(this::vote);
            pass(HEARTBEAT);
        }
        settle();
        acknowledge();
        return this;
    }

    private void vote(Message asked) {
        MessageType answer = switch (asked.type()) {
            case PRE_VOTE -> MessageType.PRE_VOTE_RESP;
            case VOTE -> MessageType.VOTE_RESP;
            default -> null;
        };
        if (answer != null) {
            node.receive(Message.builder()
                    .type(answer)
                    .from(asked.to())
                    .to(ID)
                    .term(asked.term())
                    .build());
        }
    }

    /** Makes another member its leader. */
    public SteppedNode following(long leader, long term) {
        node.receive(Message.builder()
                .type(MessageType.HEARTBEAT)
                .from(leader)
                .to(ID)
                .term(term)
                .build());
        return settle();
    }

    /** All others take and acknowledge what was sent to them. */
    public void acknowledge() {
        acknowledge(member -> true);
    }

    /** Some of the others do, and what was sent to the rest is lost. */
    public void acknowledge(LongPredicate members) {
        for (Message message : List.copyOf(sent)) {
            if (!members.test(message.to())) {
                continue;
            }
            if (message.type() == MessageType.APP) {
                long last = message.index() + message.entries().size();
                answer(message, MessageType.APP_RESP, last);
            } else if (message.type() == MessageType.HEARTBEAT) {
                answer(message, MessageType.HEARTBEAT_RESP, 0);
            }
        }
        sent.clear();
        settle();
    }

    private void answer(Message message, MessageType type, long index) {
        node.receive(Message.builder()
                .type(type)
                .from(message.to())
                .to(ID)
                .term(message.term())
                .index(index)
                .context(message.context())
                .build());
    }

    /** The oldest entry of the log in memory. */
    public long firstIndex() {
        return storage.firstIndex();
    }

    /** The commit index that the log has. */
    long commitLogged() {
        return storage.initialState().hardState().commit();
    }

    /** The durable log in memory. */
    RaftStorage storage() {
        return storage;
    }

    /** The term of the newest entry of the log. */
    long lastTerm() {
        return RawNodeAccess.term(core, core.status().lastIndex());
    }

    /** What went out of a kind. */
    public List<Message> sent(MessageType type) {
        return sent.stream().filter(message -> message.type() == type).toList();
    }

    /** Snapshots that the log on disk knows of, as one would find them after a crash now, if all that was written stays. */
    public List<WalSnapshot> recordedSnapshots() {
        return Wal.snapshots(DIRECTORY.resolve("wal"), options());
    }
}
