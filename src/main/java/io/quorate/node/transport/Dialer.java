package io.quorate.node.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import io.quorate.base.Numbering;
import io.quorate.tls.Refusals;
import io.quorate.tls.TlsHandlers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import javax.net.ssl.SSLException;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one connection of one lane to a peer: dials, greets, listens for silence, and dials again with growing pauses until
 * it is closed. All state belongs to the event loop.
 */
@Slf4j
@SuppressWarnings("FutureReturnValueIgnored") // a write or close that fails ends the connection, which is noticed
final class Dialer {

    private static final Numbering<Refusal> REFUSALS = Numbering.of(Refusal.class);

    /** Up to so much may be on its way to the socket before what follows waits in its queue. */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(256 * 1024, 1024 * 1024);

    /** The user of the connection; called by the event loop. */
    interface User {

        /** The peer has welcomed this member. */
        void ready(Channel channel);

        /** A frame arrived, which the user releases. */
        void frame(Frame frame);

        /** The connection that was ready is gone. */
        void lost();

        /** The peer does not want this member; dialling goes on nevertheless. */
        default void refused(Refusal refusal) {}

        /** More can be written; called when the connection can take more again. */
        default void writable() {}
    }

    /** What all connections of a member have in common. */
    record Line(PeerLoop loop, PeerIdentity self, PeerDirectory directory, PeerSettings options) {}

    /** The peer that is dialled, the lane, and the record of how dialling went. */
    record Side(long peer, Lane lane, PeerReach reach, PeerCounters counters) {}

    private final Line line;
    private final long peer;
    private final Lane lane;
    private final PeerCounters counters;
    private final LongConsumer roundTrip;
    private final User user;
    private final PeerReach reach;
    private boolean open;
    private boolean refused;
    private int attempts;
    private @Nullable Channel channel;
    private @Nullable Future<?> retry;
    private volatile @Nullable String version;

    Dialer(Line line, Side side, LongConsumer roundTrip, User user) {
        this.line = line;
        this.peer = side.peer();
        this.lane = side.lane();
        this.reach = side.reach();
        this.counters = side.counters();
        this.roundTrip = roundTrip;
        this.user = user;
    }

    private EventLoop loop() {
        return line.loop().loop();
    }

    /** What the other side's program called itself in its last welcome; null before the first. */
    @Nullable
    String version() {
        return version;
    }

    /** Starts dialling, unless it does already. */
    void open() {
        loop().execute(() -> {
            if (!open) {
                open = true;
                dial();
            }
        });
    }

    /** Stops; a connection ends. */
    void close() {
        loop().execute(() -> {
            open = false;
            reach.closed(lane);
            if (retry != null) {
                retry.cancel(false);
                retry = null;
            }
            if (channel != null) {
                channel.close();
            }
        });
    }

    /** The peer is reachable, as it dialled a moment ago: does not wait for the end of a pause. On the event loop. */
    void hurry() {
        if (open && retry != null && retry.cancel(false)) {
            attempts = 0;
            dial();
        }
    }

    // ---- dialling

    private void dial() {
        retry = null;
        List<PeerAddress> addresses = line.directory().addresses(peer);
        if (addresses.isEmpty()) {
            again("no address is known", null);
            return;
        }
        PeerAddress address = addresses.get(attempts % addresses.size());
        if (address.secure() && line.options().dialling() == null) {
            again(address + " needs TLS, which is not configured", null);
            return;
        }
        if (address.socketFile()) {
            connect(address, PeerLoop.socketFile(address.host()));
            return;
        }
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(address.host());
        if (literal == null) {
            int attempt = attempts / addresses.size();
            Thread.ofPlatform().name("peer-resolve").daemon(true).start(() -> resolve(address, attempt));
            return;
        }
        try {
            connect(address, new InetSocketAddress(InetAddress.getByAddress(literal), address.port()));
        } catch (UnknownHostException e) {
            again(address + " cannot be used", e);
        }
    }

    /** On a thread of its own: asking for a name may take long. All addresses of a name get their turn. */
    void resolve(PeerAddress address, int attempt) {
        try {
            InetAddress[] all = InetAddress.getAllByName(address.host());
            InetSocketAddress one = new InetSocketAddress(all[attempt % all.length], address.port());
            onLoop(() -> connect(address, one));
        } catch (UnknownHostException e) {
            onLoop(() -> again("the name " + address.host() + " cannot be resolved", null));
        }
    }

    /** A name may be found only when the member has stopped. */
    private void onLoop(Runnable next) {
        try {
            loop().execute(next);
        } catch (RejectedExecutionException stopped) {
            log.debug(
                    "{} of member {} is not dialled any more",
                    lane,
                    line.directory().name(peer));
        }
    }

    private void connect(PeerAddress address, SocketAddress place) {
        if (!open) {
            return;
        }
        FrameDecoder decoder = new FrameDecoder(line.options().frameBytesMax());
        new Bootstrap()
                .group(loop())
                .channel(line.loop().channel(address.socketFile()))
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        line.options().timing().connect().toMillis())
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel created) {
                        secure(created, address);
                        created.pipeline().addLast(decoder, new Conversation(address, decoder));
                    }
                })
                .connect(place)
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        again("no connection to " + address, connected.cause());
                    }
                });
    }

    private void secure(Channel created, PeerAddress address) {
        TlsHandlers tls = line.options().dialling();
        if (address.secure() && tls != null) {
            created.pipeline().addLast(tls.newHandler(created, address.certifiedHost(), address.port()));
        }
    }

    private void again(String reason, @Nullable Throwable cause) {
        if (!open || retry != null) {
            return;
        }
        reach.failed(lane, cause == null ? reason : reason + " (" + cause.getMessage() + ")", refused);
        refused = false;
        PeerTiming timing = line.options().timing();
        long pause = timing.backoffMin().toNanos() << Math.min(attempts, 20);
        pause = Math.min(pause, timing.backoffMax().toNanos());
        attempts++;
        // Apart from each other, so that members which lost each other do not knock in step.
        long spread = ThreadLocalRandom.current().nextLong(pause / 4 + 1);
        retry = loop().schedule(this::dial, pause - spread, TimeUnit.NANOSECONDS);
    }

    /** One connection from its first byte to its end. */
    private final class Conversation extends ChannelInboundHandlerAdapter {

        private final PeerAddress address;
        private final FrameDecoder decoder;
        private boolean welcomed;
        private String end = "the connection was closed";
        private long heardNanos;
        private @Nullable Future<?> timer;

        Conversation(PeerAddress address, FrameDecoder decoder) {
            this.address = address;
            this.decoder = decoder;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            if (!open) {
                context.close();
                return;
            }
            channel = context.channel();
            heardNanos = line.options().clock().nanos();
            Hello hello = Hello.of(line.self(), peer, lane);
            context.writeAndFlush(Frame.write(context.alloc(), FrameType.HELLO, 64, hello::write));
            long wait = line.options().timing().connect().toNanos();
            timer = loop().schedule(() -> end(context, "no answer to the greeting"), wait, TimeUnit.NANOSECONDS);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            Frame frame = (Frame) message;
            heardNanos = line.options().clock().nanos();
            counters.receivedBytes.add(Frame.HEADER_BYTES + 1L + frame.body().readableBytes());
            switch (frame.type()) {
                case PONG -> {
                    roundTrip.accept(
                            line.options().clock().nanos() - frame.body().readLong());
                    frame.body().release();
                }
                case WELCOME -> welcome(context, frame.body());
                case REFUSED -> refuse(context, frame.body());
                default -> {
                    if (!welcomed) {
                        frame.body().release();
                        throw new MalformedFrameException("a frame " + frame.type() + " before the welcome");
                    }
                    user.frame(frame);
                }
            }
        }

        private void welcome(ChannelHandlerContext context, ByteBuf body) {
            if (body.readableBytes() < Long.BYTES) {
                body.release();
                throw new MalformedFrameException("a welcome that ends too early");
            }
            long incarnation = body.readLong();
            version = body.readString(body.readableBytes(), StandardCharsets.UTF_8);
            body.release();
            Incarnations logs = line.self().incarnations();
            if (logs.contradicts(peer, incarnation)) {
                end(context, "refused " + address + ": " + Refusal.FORGOTTEN.meaning());
                return;
            }
            logs.met(peer, incarnation);
            welcomed = true;
            attempts = 0;
            reach.welcomed(lane);
            decoder.greeted();
            cancelTimer();
            long ping = line.options().timing().ping().toNanos();
            timer = loop().scheduleAtFixedRate(() -> ping(context), 0, ping, TimeUnit.NANOSECONDS);
            log.debug("{} to member {} at {} is ready", lane, line.directory().name(peer), address);
            user.ready(context.channel());
        }

        private void refuse(ChannelHandlerContext context, ByteBuf body) {
            Refusal refusal = refusal(body);
            body.release();
            refused = true;
            user.refused(refusal);
            end(context, "refused by " + address + ": " + refusal.meaning());
        }

        private Refusal refusal(ByteBuf body) {
            int number = body.isReadable() ? body.readUnsignedByte() : 0;
            return Objects.requireNonNullElse(REFUSALS.find(number), Refusal.VERSION);
        }

        private void ping(ChannelHandlerContext context) {
            if (line.options().clock().nanos() - heardNanos
                    > line.options().timing().silenceNanos(lane)) {
                end(context, address + " is silent");
                return;
            }
            long now = line.options().clock().nanos();
            context.writeAndFlush(
                    Frame.write(context.alloc(), FrameType.PING, Long.BYTES, body -> body.writeLong(now)));
        }

        private void end(ChannelHandlerContext context, String reason) {
            end = reason;
            context.close();
        }

        private void cancelTimer() {
            if (timer != null) {
                timer.cancel(false);
                timer = null;
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            if (welcomed && context.channel().isWritable()) {
                user.writable();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            cancelTimer();
            channel = null;
            if (welcomed) {
                counters.disconnects.increment();
                user.lost();
            }
            again(end, null);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            counters.receiveFailures.increment();
            String reason = cause.getCause() instanceof SSLException handshake
                    ? Refusals.explain(handshake)
                    : String.valueOf(cause.getMessage());
            end(context, address + ": " + reason);
        }
    }
}
