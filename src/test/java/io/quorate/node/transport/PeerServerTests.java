package io.quorate.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.quorate.base.MonotonicClock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who comes to the peer port, in steps and with a clock that is moved by hand. */
class PeerServerTests {

    private static final long CLUSTER = 7;
    private static final long SELF = 2;
    private static final Duration SILENCE = PeerTiming.DEFAULT.silence();

    private final PeerLoop loop = new PeerLoop();
    private final List<Hello> entered = new ArrayList<>();
    private final PeerServer server = new PeerServer(
            new Dialer.Line(
                    loop, new PeerIdentity(CLUSTER, SELF, "test"), new EverybodyIsAMember(), PeerSettings.DEFAULT),
            this::enter);

    private record EverybodyIsAMember() implements PeerDirectory {

        @Override
        public List<PeerAddress> addresses(long id) {
            return List.of();
        }

        @Override
        public boolean isRemoved(long id) {
            return false;
        }

        @Override
        public byte[] members() {
            return new byte[0];
        }
    }

    private PeerServer.LaneHandler enter(Hello hello, Channel channel) {
        entered.add(hello);
        return frame -> frame.body().release();
    }

    @AfterEach
    void close() {
        server.close();
        loop.close();
    }

    private EmbeddedChannel connect(String address) throws Exception {
        InetSocketAddress remote = new InetSocketAddress(InetAddress.getByName(address), 1);
        EmbeddedChannel channel = new EmbeddedChannel() {
            @Override
            protected SocketAddress remoteAddress0() {
                return remote;
            }
        };
        channel.freezeTime();
        server.accept(channel, false);
        return channel;
    }

    private static ByteBuf greeting(long from) {
        return Frame.write(
                UnpooledByteBufAllocator.DEFAULT,
                FrameType.HELLO,
                64,
                Hello.of(new PeerIdentity(CLUSTER, from, "x"), SELF, Lane.LOG)::write);
    }

    private static ByteBuf ping() {
        return Frame.write(UnpooledByteBufAllocator.DEFAULT, FrameType.PING, 8, body -> body.writeLong(1));
    }

    private static void pass(EmbeddedChannel channel, Duration time) {
        channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void connectionWhenItOnlyPingsIsRefused() throws Exception {
        EmbeddedChannel channel = connect("10.0.0.1");
        channel.writeInbound(ping());
        assertThat(channel.isOpen()).isFalse();
        assertThat(entered).isEmpty();
    }

    @Test
    void pingsWhenTheAnswersAreNotTakenGetNoMoreOfThem() throws Exception {
        EmbeddedChannel channel = connect("10.0.0.1");
        channel.writeInbound(greeting(3));
        channel.writeInbound(ping());
        int answers = channel.outboundMessages().size();
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        for (int i = 0; i < 100; i++) {
            channel.writeInbound(ping());
        }
        assertThat(channel.outboundMessages()).hasSize(answers);
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        channel.writeInbound(ping());
        assertThat(channel.outboundMessages()).hasSize(answers + 1);
        channel.finishAndReleaseAll();
    }

    @Test
    void connectionWhenItDripsWithoutGreetingEndsInTime() throws Exception {
        EmbeddedChannel channel = connect("10.0.0.1");
        ByteBuf greeting = greeting(3);
        int bytes = greeting.readableBytes() - 1;
        for (int i = 0; i < bytes; i++) {
            assertThat(channel.isOpen()).as("after %d bytes", i).isTrue();
            channel.writeInbound(greeting.readRetainedSlice(1));
            pass(channel, SILENCE.dividedBy(bytes).plusNanos(1));
        }
        greeting.release();
        assertThat(channel.isOpen()).isFalse();
        assertThat(entered).isEmpty();
    }

    @Test
    void connectionWhenItGreetsStaysBeyondThatTime() throws Exception {
        EmbeddedChannel channel = connect("10.0.0.1");
        pass(channel, SILENCE.minusMillis(1));
        channel.writeInbound(greeting(3));
        pass(channel, Duration.ofMillis(2));
        channel.writeInbound(ping());
        assertThat(channel.isOpen()).isTrue();
        assertThat(entered).hasSize(1);
    }

    @Test
    void memberWhenAllPlacesOfThoseWhoDoNotGreetAreTakenGetsIn() throws Exception {
        List<EmbeddedChannel> idle = new ArrayList<>();
        for (int i = 0; i < 4 * PeerAdmission.UNGREETED_MAX; i++) {
            idle.add(connect("10.0." + i % 16 + ".1"));
        }
        EmbeddedChannel member = connect("10.1.0.1");
        member.writeInbound(greeting(3));
        assertThat(entered).hasSize(1);
        assertThat(member.isOpen()).isTrue();
        assertThat(idle).filteredOn(EmbeddedChannel::isOpen).hasSizeLessThanOrEqualTo(PeerAdmission.UNGREETED_MAX);
        assertThat(idle.getLast().isOpen()).isTrue();
    }

    @Test
    void memberWhenItsOwnAddressIsFloodedGetsIn() throws Exception {
        List<EmbeddedChannel> idle = new ArrayList<>();
        EmbeddedChannel other = connect("10.0.0.9");
        for (int i = 0; i < 2 * PeerAdmission.UNGREETED_OF_ADDRESS_MAX; i++) {
            idle.add(connect("10.0.0.1"));
        }
        EmbeddedChannel member = connect("10.0.0.1");
        member.writeInbound(greeting(3));
        assertThat(entered).hasSize(1);
        assertThat(other.isOpen()).as("another address does not suffer").isTrue();
        assertThat(idle).filteredOn(EmbeddedChannel::isOpen).hasSize(PeerAdmission.UNGREETED_OF_ADDRESS_MAX - 1);
    }

    @Test
    void connectionsWhenFewFilesMayBeOpenAreFewer() {
        PeerAdmission few = new PeerAdmission(40);
        List<EmbeddedChannel> greeted = new ArrayList<>();
        List<EmbeddedChannel> left = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            EmbeddedChannel channel = new EmbeddedChannel();
            few.arrived(channel);
            (few.greeted(channel) ? greeted : left).add(channel);
        }
        assertThat(greeted).hasSize(15); // half of three quarters: all are of one address
        List<Channel> leaving = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            leaving.addAll(few.arrived(new EmbeddedChannel()));
        }
        assertThat(leaving).hasSize(195); // half of a quarter stays
    }

    @Test
    void memberWhenAnotherAddressHoldsAllItMayGetsIn() throws Exception {
        List<EmbeddedChannel> greeted = new ArrayList<>();
        for (int i = 0; i <= PeerAdmission.GREETED_OF_ADDRESS_MAX; i++) {
            EmbeddedChannel channel = connect("10.0.0.1");
            channel.writeInbound(greeting(3));
            greeted.add(channel);
        }
        assertThat(greeted).filteredOn(EmbeddedChannel::isOpen).hasSize(PeerAdmission.GREETED_OF_ADDRESS_MAX);
        EmbeddedChannel member = connect("10.1.0.1");
        member.writeInbound(greeting(4));
        assertThat(member.isOpen()).isTrue();
        var unused = greeted.getFirst().close();
        EmbeddedChannel next = connect("10.0.0.1");
        next.writeInbound(greeting(3));
        assertThat(next.isOpen()).as("a place is free again").isTrue();
    }

    @Test
    void resolveWhenTheMemberHasStoppedMeanwhileEndsQuietly() {
        Dialer.Line line = new Dialer.Line(
                loop, new PeerIdentity(CLUSTER, SELF, "test"), new EverybodyIsAMember(), PeerSettings.DEFAULT);
        Dialer dialer = new Dialer(
                line,
                new Dialer.Side(3, Lane.LOG, PeerReach.ofAnybody(MonotonicClock.SYSTEM), new PeerCounters()),
                nanos -> {},
                new Nobody());
        loop.close();
        dialer.resolve(new PeerAddress("localhost", 1, false), 0);
        dialer.resolve(new PeerAddress("no-such-host.invalid", 1, false), 0);
        assertThat(loop.loop().isShuttingDown()).isTrue();
    }

    private static final class Nobody implements Dialer.User {

        @Override
        public void ready(Channel channel) {
            throw new AssertionError("nobody was dialled");
        }

        @Override
        public void frame(Frame frame) {
            throw new AssertionError("nobody was dialled");
        }

        @Override
        public void lost() {
            throw new AssertionError("nobody was dialled");
        }
    }
}
