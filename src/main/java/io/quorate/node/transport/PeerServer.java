package io.quorate.node.transport;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.Future;
import io.quorate.base.SocketFile;
import io.quorate.base.Throttle;
import io.quorate.tls.TlsHandlers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/** Listens on the peer URLs and greets peers that connect: checks version, cluster and members before anything else is read. */
@Slf4j
@SuppressWarnings("FutureReturnValueIgnored") // a write or close that fails ends the connection, which is noticed
final class PeerServer implements AutoCloseable {

    private static final Duration FORGOTTEN_EVERY = Duration.ofMinutes(1);

    /** Takes over a connection that has been greeted. */
    interface LaneRouter {

        /** What handles the frames of a lane. */
        LaneHandler enter(Hello hello, Channel channel);
    }

    /** Handles what arrives on one connection. */
    interface LaneHandler {

        /** A frame, to be released. */
        void frame(Frame frame);

        /** The connection takes more of what is sent to the member that opened it. */
        default void writable() {}

        /** The connection ended. */
        default void ended() {}
    }

    private final Dialer.Line line;
    private final LaneRouter rooms;
    private final List<Channel> listening = new ArrayList<>();
    private final ChannelGroup accepted;
    private final PeerAdmission admission;
    private final RateLimit reports;
    private volatile boolean isForgotten;
    private volatile long forgottenNanos;
    private final Throttle forgotten;

    PeerServer(Dialer.Line line, LaneRouter rooms) {
        this.line = line;
        this.rooms = rooms;
        this.reports = new RateLimit(line.options().clock());
        this.forgotten = new Throttle(FORGOTTEN_EVERY, line.options().clock());
        this.admission = new PeerAdmission(line.options().connectionsMax());
        this.accepted = new DefaultChannelGroup("peers", line.loop().loop());
    }

    /** Opens one listener. */
    SocketAddress listen(PeerAddress address) throws IOException {
        if (address.secure() && line.options().accepting() == null) {
            throw new IOException("cannot listen on " + address + ": TLS is not configured");
        }
        var bound = new ServerBootstrap()
                .group(line.loop().loop())
                .channel(line.loop().serverChannel(address.socketFile()))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(channel, address.secure());
                    }
                })
                .bind(place(address))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + address + ": " + bound.cause().getMessage(), bound.cause());
        }
        listening.add(bound.channel());
        return bound.channel().localAddress();
    }

    private static SocketAddress place(PeerAddress address) throws IOException {
        if (address.socketFile()) {
            SocketFile.makeWay(Path.of(address.host()));
            return PeerLoop.socketFile(address.host());
        }
        return new InetSocketAddress(InetAddress.getByName(address.host()), address.port());
    }

    /** On the event loop. */
    void accept(Channel channel, boolean secure) {
        for (Channel leaving : admission.arrived(channel)) {
            report("too many connections that have not greeted, the oldest is closed", leaving);
            leaving.close();
        }
        channel.closeFuture().addListener(closed -> admission.gone(channel));
        accepted.add(channel);
        TlsHandlers tls = line.options().accepting();
        if (secure && tls != null) {
            channel.pipeline().addLast(tls.newHandler(channel));
        }
        FrameDecoder decoder = new FrameDecoder(line.options().frameBytesMax());
        channel.pipeline().addLast(decoder, new Greeter(decoder));
    }

    /** Whether another member has said within a minute that it knows this one by another log. Any thread. */
    boolean isForgotten() {
        return isForgotten && line.options().clock().nanos() - forgottenNanos < FORGOTTEN_EVERY.toNanos();
    }

    private void report(String problem, Channel channel) {
        long heldBack = reports.admit(problem);
        if (heldBack != Throttle.HELD_BACK) {
            log.warn("peer port: {}: {}{}", channel.remoteAddress(), problem, Throttle.more(heldBack));
        }
    }

    @Override
    public void close() {
        listening.forEach(channel -> channel.close().awaitUninterruptibly());
        accepted.close().awaitUninterruptibly(TimeUnit.SECONDS.toMillis(1));
    }

    /** One accepted connection. */
    private final class Greeter extends ChannelInboundHandlerAdapter {

        private final FrameDecoder decoder;
        private @Nullable LaneHandler handler;
        private @Nullable Future<?> timer;
        private long heardNanos;
        private Lane lane = Lane.CONTROL;
        private long from;

        Greeter(FrameDecoder decoder) {
            this.decoder = decoder;
        }

        /** From here on, whatever comes meanwhile and however slowly, there is only so much time to greet. */
        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            long silence = line.options().timing().silence().toNanos();
            timer = context.executor().schedule(() -> giveUp(context), silence, TimeUnit.NANOSECONDS);
        }

        private void giveUp(ChannelHandlerContext context) {
            report("a connection that did not greet", context.channel());
            context.close();
        }

        private void watch(ChannelHandlerContext context) {
            cancelTimer();
            long silence = line.options().timing().silence().toNanos();
            timer = context.executor()
                    .scheduleAtFixedRate(() -> checkUp(context), silence, silence, TimeUnit.NANOSECONDS);
        }

        /** A greeted peer pings, so a silent one has vanished. A removed member learns of its removal when it dials again. */
        private void checkUp(ChannelHandlerContext context) {
            if (from != 0 && line.directory().isRemoved(from)) {
                report("member " + line.directory().name(from) + " was removed meanwhile", context.channel());
                context.close();
            } else if (line.options().clock().nanos() - heardNanos
                    >= line.options().timing().silenceNanos(lane)) {
                report("a connection without a sign of life", context.channel());
                context.close();
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            Frame frame = (Frame) message;
            heardNanos = line.options().clock().nanos();
            if (handler != null && frame.type() == FrameType.PING) {
                pong(context, frame.body());
                frame.body().release();
            } else if (handler != null) {
                handler.frame(frame);
            } else {
                try {
                    greet(context, frame);
                } finally {
                    frame.body().release();
                }
            }
        }

        /** A peer that does not take the answers gets no more of them, and takes this member for lost. */
        private void pong(ChannelHandlerContext context, ByteBuf ping) {
            if (context.channel().isWritable()) {
                context.writeAndFlush(
                        Frame.write(context.alloc(), FrameType.PONG, Long.BYTES, body -> body.writeBytes(ping)));
            }
        }

        private void greet(ChannelHandlerContext context, Frame frame) {
            if (frame.type() != FrameType.HELLO) {
                refuse(context, Refusal.MALFORMED, "no greeting");
                return;
            }
            Hello hello;
            try {
                hello = Hello.read(frame.body());
            } catch (MalformedFrameException e) {
                refuse(context, Refusal.MALFORMED, String.valueOf(e.getMessage()));
                return;
            }
            Refusal refusal = check(hello);
            if (refusal != null) {
                String name = line.directory().name(hello.from());
                refuse(
                        context,
                        refusal,
                        refusal.meaning() + ", greeting of " + (refusal == Refusal.FORGOTTEN ? name : describe(hello)));
                return;
            }
            if (!admission.greeted(context.channel())) {
                report("too many connections", context.channel());
                context.close();
                return;
            }
            decoder.greeted();
            watch(context);
            lane = hello.lane();
            from = lane == Lane.MEMBERS ? 0 : hello.from();
            byte[] version = line.self().version().getBytes(StandardCharsets.UTF_8);
            long own = line.self().incarnations().own();
            context.writeAndFlush(Frame.write(
                    context.alloc(),
                    FrameType.WELCOME,
                    Long.BYTES + version.length,
                    body -> body.writeLong(own).writeBytes(version)));
            handler = rooms.enter(hello, context.channel());
        }

        private @Nullable Refusal check(Hello hello) {
            PeerIdentity self = line.self();
            boolean asksForMembers = hello.lane() == Lane.MEMBERS;
            if (hello.protocol() != Hello.PROTOCOL) {
                return Refusal.VERSION;
            }
            if (asksForMembers) {
                return null;
            }
            if (hello.clusterId() != self.clusterId()) {
                return Refusal.CLUSTER;
            }
            if (hello.to() != self.memberId() || hello.from() == self.memberId()) {
                return Refusal.MEMBER;
            }
            if (line.directory().isRemoved(hello.from())) {
                return Refusal.REMOVED;
            }
            return forgets(hello) ? Refusal.FORGOTTEN : null;
        }

        private boolean forgets(Hello hello) {
            Incarnations logs = line.self().incarnations();
            if (hello.recipient() != 0 && logs.own() != 0 && hello.recipient() != logs.own()) {
                reportForgotten(hello.from());
                return true;
            }
            if (logs.contradicts(hello.from(), hello.incarnation())) {
                return true;
            }
            logs.met(hello.from(), hello.incarnation());
            return false;
        }

        private void reportForgotten(long by) {
            forgottenNanos = line.options().clock().nanos();
            isForgotten = true;
            if (forgotten.admit() != Throttle.HELD_BACK) {
                log.error(
                        "member {} knows this member by another log: this one was founded or restored beside a cluster that"
                                + " exists, and what it acknowledges is not in that cluster. Stop it; see docs/runbooks.md, 'A"
                                + " member with another log'",
                        line.directory().name(by));
            }
        }

        private void refuse(ChannelHandlerContext context, Refusal refusal, String problem) {
            report(problem, context.channel());
            ByteBuf frame =
                    Frame.write(context.alloc(), FrameType.REFUSED, 1, body -> body.writeByte(refusal.number()));
            context.writeAndFlush(frame).addListener(ChannelFutureListener.CLOSE);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            cancelTimer();
            if (handler != null) {
                handler.ended();
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            if (handler != null && context.channel().isWritable()) {
                handler.writable();
            }
        }

        private void cancelTimer() {
            if (timer != null) {
                timer.cancel(false);
                timer = null;
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (cause.getCause() instanceof SSLException) { // counted and reported with the handshakes
                context.close();
                return;
            }
            Throwable reason = cause.getCause() instanceof MalformedFrameException inner ? inner : cause;
            report(String.valueOf(reason.getMessage()), context.channel());
            context.close();
        }
    }

    private String describe(Hello hello) {
        return "member " + line.directory().name(hello.from()) + " of cluster " + Long.toHexString(hello.clusterId())
                + " for member " + Long.toHexString(hello.to()) + ", version " + hello.version() + ", protocol "
                + hello.protocol();
    }
}
