package io.quorate.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.quorate.base.Fault;
import io.quorate.base.RequestException;
import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The transport over TCP: one link to each other member of the list, and a server for what they send. See the package for
 * lanes, bounds and threads.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write or close that fails ends the connection, which is noticed
public final class PeerNetwork implements Transport, AutoCloseable {

    private final PeerIdentity self;
    private final PeerDirectory directory;
    private final PeerLoop loop = new PeerLoop();
    private final Dialer.Line line;
    private final PeerServer server;
    private final Map<Long, PeerLink> links = new ConcurrentHashMap<>();
    /** Connections that members opened: for those that are dialled nowhere yet, or cannot be. Changed by the event loop. */
    private final Map<Opened, Channel> accepted = new ConcurrentHashMap<>();

    private final List<PeerLink> touched = new ArrayList<>();
    private final SnapshotReceivers states;
    /** Set once, before anything is listened to or dialled, so before the event loop can read it. */
    private @Nullable PeerReceivers receivers;

    private record Opened(long member, Lane lane) {}

    public PeerNetwork(PeerIdentity self, PeerDirectory directory, PeerSettings options) {
        this.self = self;
        this.directory = directory;
        this.line = new Dialer.Line(loop, self, directory, options);
        this.server = new PeerServer(line, this::enter);
        this.states = new SnapshotReceivers(loop.loop(), options.timing().partsKept());
    }

    // ---- before it starts

    /**
     * Sets the receivers of what arrives. They need this network, so they come later than the constructor: once, before {@link
     * #listen} and {@link #setPeers}.
     */
    public void connect(PeerReceivers wanted) {
        Fault.check(receivers == null, "the network is connected already");
        receivers = wanted;
    }

    private PeerReceivers receivers() {
        PeerReceivers connected = receivers;
        if (connected == null) {
            throw new Fault("the network is not connected");
        }
        return connected;
    }

    /**
     * Listens on an address; names in it are resolved once.
     *
     * @return where it really listens, which tells the port if 0 was asked for
     */
    public SocketAddress listen(PeerAddress address) throws IOException {
        Fault.check(receivers != null, "the network is not connected");
        return server.listen(address);
    }

    // ---- while it runs

    /** Whether another member has said within a minute that it knows this one by another log, see {@link Incarnations}. */
    public boolean isForgotten() {
        return server.isForgotten();
    }

    /** Sets the members to be in touch with; this one among them is passed over. */
    public void setPeers(Set<Long> ids) {
        Fault.check(receivers != null, "the network is not connected");
        for (Long id : links.keySet()) {
            if (!ids.contains(id)) {
                PeerLink gone = links.remove(id);
                if (gone != null) {
                    gone.close();
                }
            }
        }
        for (Long id : ids) {
            if (id != self.memberId()) {
                links.computeIfAbsent(id, this::link).open();
                loop.loop().execute(() -> handOver(id));
            }
        }
    }

    /** What the member opened before there was a link for it. On the event loop. */
    private void handOver(long id) {
        PeerLink link = links.get(id);
        for (Lane lane : List.of(Lane.CONTROL, Lane.LOG)) {
            Channel channel = accepted.get(new Opened(id, lane));
            if (link != null && channel != null) {
                link.useOpposite(lane, channel);
            }
        }
    }

    private PeerLink link(long id) {
        PeerReceivers to = receivers();
        return new PeerLink(
                line,
                id,
                new PeerLink.Listeners(
                        () -> to.inbox().unreachable(id),
                        to.active(),
                        frame -> receive(id, frame),
                        refusal -> to.refused().accept(id, refusal),
                        nanos -> to.roundTrips().apply(id).accept(nanos)));
    }

    @Override
    public void send(List<Message> messages) {
        for (Message message : messages) {
            PeerLink link = links.get(message.to());
            if (link == null) {
                answer(message);
                continue;
            }
            link.offer(message);
            if (!touched.contains(link)) {
                touched.add(link);
            }
        }
        touched.forEach(PeerLink::flush);
        touched.clear();
    }

    @Override
    public boolean reaches(long member) {
        PeerLink link = links.get(member);
        return link == null ? accepted.containsKey(new Opened(member, Lane.LOG)) : link.takesProposals();
    }

    /** To a member that is in no list of ours: on the connection that it opened, if there is one. */
    private void answer(Message message) {
        Channel channel = accepted.get(new Opened(message.to(), Lane.of(message)));
        if (channel != null && channel.isWritable()) {
            ByteBuf frame = Frame.write(
                    channel.alloc(),
                    FrameType.MESSAGES,
                    (int) MessageCodec.sizeOf(message),
                    body -> MessageCodec.write(message, body));
            channel.writeAndFlush(frame, channel.voidPromise());
        }
    }

    /**
     * Asks another member something; completes on the event loop.
     *
     * @param method between 0 and 255; what it means is agreed with the {@link CallHandler}
     * @return fails with {@link PeerUnavailableException}, with the {@link RequestException} that the other member names, or with {@link
     *     PeerCallException}
     */
    public CompletableFuture<byte[]> call(long to, int method, byte[] request, Duration timeout) {
        PeerLink link = links.get(to);
        return link == null
                ? CompletableFuture.failedFuture(new PeerUnavailableException(to, "not in the list of members"))
                : link.call(method, request, timeout);
    }

    /**
     * Sends a state, on a thread of its own. Where a connection breaks, the next one goes on with the files that are missing.
     *
     * @param announcement what the receiver's node gets when all files have arrived
     * @param folder the files; they must not change meanwhile
     * @return completes when the files are durable on the other side and its node has the message
     */
    public CompletableFuture<Void> sendState(Message announcement, Path folder) {
        PeerLink link = links.get(announcement.to());
        if (link == null) {
            return CompletableFuture.failedFuture(
                    new PeerUnavailableException(announcement.to(), "not in the list of members"));
        }
        CompletableFuture<Void> result = new CompletableFuture<>();
        SnapshotUpload state = new SnapshotUpload(
                announcement, folder, line.options().snapshotBytesPerSecond(), link.counters(), result);
        Dialer dialer = new Dialer(line, link.side(announcement.to(), Lane.SNAPSHOT), nanos -> {}, state);
        dialer.open();
        Thread.ofPlatform().name("snapshot-send").daemon(true).start(state);
        return result.whenComplete((done, failure) -> dialer.close());
    }

    /** Which version of the program a member runs, as it said when it was last met; null if that has not been. */
    public @Nullable String version(long id) {
        PeerLink link = links.get(id);
        return link == null ? null : link.version();
    }

    /** Since when messages reach a member, on the monotonic clock; 0 while they do not. */
    public long activeSinceNanos(long id) {
        PeerLink link = links.get(id);
        return link == null ? 0 : link.activeSinceNanos();
    }

    /** How many members can be reached now, this one not counted. */
    public int activeCount() {
        return (int) links.values().stream()
                .filter(link -> link.activeSinceNanos() != 0)
                .count();
    }

    /** What was exchanged with the members of now. */
    public Map<Long, PeerCounters> counters() {
        Map<Long, PeerCounters> all = new TreeMap<>(Long::compareUnsigned);
        links.forEach((id, link) -> all.put(id, link.counters()));
        return all;
    }

    /** Ends all connections; what was queued is lost. */
    @Override
    public void close() {
        server.close();
        links.values().forEach(PeerLink::close);
        loop.close();
    }

    // ---- what arrives

    private PeerServer.LaneHandler enter(Hello hello, Channel channel) {
        long from = hello.from();
        PeerLink link = links.get(from);
        if (link != null) {
            link.hurry();
        }
        return switch (hello.lane()) {
            case CONTROL, LOG -> {
                Opened opened = new Opened(from, hello.lane());
                accepted.put(opened, channel);
                if (link != null) {
                    link.useOpposite(hello.lane(), channel);
                }
                yield new Messages(opened, channel);
            }
            case CALL -> frame -> answerCall(from, channel, frame);
            case MEMBERS -> {
                sendMembers(channel);
                yield frame -> frame.body().release();
            }
            case SNAPSHOT ->
                states.enter(
                        from, channel, receivers().snapshots(), link == null ? new PeerCounters() : link.counters());
        };
    }

    /** Messages of one peer. */
    private final class Messages implements PeerServer.LaneHandler {

        private final Opened opened;
        private final Channel channel;

        Messages(Opened opened, Channel channel) {
            this.opened = opened;
            this.channel = channel;
        }

        @Override
        public void frame(Frame frame) {
            receive(opened.member(), frame);
        }

        @Override
        public void writable() {
            PeerLink link = links.get(opened.member());
            if (link != null) {
                link.oppositeWritable(opened.lane());
            }
        }

        @Override
        public void ended() {
            accepted.remove(opened, channel);
            PeerLink link = links.get(opened.member());
            if (link != null) {
                link.oppositeEnded(opened.lane(), channel);
            }
        }
    }

    private void receive(long from, Frame frame) {
        ByteBuf body = frame.body();
        PeerLink link = links.get(from);
        PeerCounters counters = link == null ? null : link.counters();
        if (counters != null) {
            counters.receivedBytes.add(Frame.HEADER_BYTES + 1L + body.readableBytes());
        }
        try {
            if (frame.type() != FrameType.MESSAGES) {
                throw new MalformedFrameException("a frame " + frame.type() + " among messages");
            }
            while (body.isReadable()) {
                deliver(from, MessageCodec.read(body), counters);
            }
        } catch (MalformedFrameException e) {
            failed(counters);
            throw e;
        } finally {
            body.release();
        }
    }

    private void deliver(long from, Message message, @Nullable PeerCounters counters) {
        boolean own = message.from() == from || isForwarded(message.type());
        if (!own || message.to() != self.memberId()) {
            throw new MalformedFrameException(message.type() + " from " + Long.toHexString(message.from()) + " to "
                    + Long.toHexString(message.to()) + " on the connection of " + Long.toHexString(from));
        }
        if (!receivers().inbox().receive(message)) {
            failed(counters);
        }
    }

    /**
     * Whether a member passes such messages on in the name of another: a transfer in that of the member that is to lead, a
     * proposal or a read in that of the one which took its sender for the leader. All else names its sender.
     */
    private static boolean isForwarded(MessageType type) {
        return switch (type) {
            case TRANSFER_LEADER, PROP, READ_INDEX -> true;
            default -> false;
        };
    }

    private static void failed(@Nullable PeerCounters counters) {
        if (counters != null) {
            counters.receiveFailures.increment();
        }
    }

    private void answerCall(long from, Channel channel, Frame frame) {
        ByteBuf body = frame.body();
        try {
            if (frame.type() != FrameType.REQUEST) {
                throw new MalformedFrameException("a frame " + frame.type() + " instead of a call");
            }
            if (!channel.isWritable()) { // nobody takes the answers: the caller tries again
                return;
            }
            long number = body.readLong();
            int method = body.readUnsignedByte();
            var unused = receivers()
                    .calls()
                    .call(from, method, MessageCodec.readBytes(body))
                    .whenComplete((answer, failure) -> respond(channel, number, answer, failure));
        } catch (IndexOutOfBoundsException e) {
            throw new MalformedFrameException("a call that ends too early");
        } finally {
            body.release();
        }
    }

    private static void respond(Channel channel, long number, byte @Nullable [] answer, @Nullable Throwable failure) {
        byte[] good = failure == null ? answer : null;
        int size = good == null ? 0 : good.length;
        channel.writeAndFlush(Frame.write(channel.alloc(), FrameType.RESPONSE, 16 + size, body -> {
            body.writeLong(number).writeBoolean(good != null);
            if (good == null) {
                CallErrors.write(failure, body);
            } else {
                MessageCodec.writeBytes(good, body);
            }
        }));
    }

    private void sendMembers(Channel channel) {
        byte[] members = directory.members();
        channel.writeAndFlush(Frame.write(channel.alloc(), FrameType.RESPONSE, members.length, body -> {
                    body.writeLong(self.clusterId());
                    MessageCodec.writeBytes(members, body);
                }))
                .addListener(ChannelFutureListener.CLOSE);
    }
}
