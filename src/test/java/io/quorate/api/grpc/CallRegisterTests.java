package io.quorate.api.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.Status;
import io.quorate.api.port.CallTracer;
import io.quorate.base.CallTrace;
import io.quorate.fixture.ManualClock;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.PutRequest;
import io.quorate.proto.WatchGrpc;
import io.quorate.proto.inspection.CallPhase;
import io.quorate.proto.inspection.SlowCall;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CallRegisterTests {

    private static final Metadata.Key<String> TOKEN = Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

    private final ManualClock clock = new ManualClock();
    private @Nullable String user = "alice";
    private final CallRegister register = new CallRegister(new OneUser(), () -> Instant.ofEpochMilli(7_000));
    private final CallCounters counters = new CallCounters(
            List.of(KVGrpc.getServiceDescriptor(), WatchGrpc.getServiceDescriptor()),
            () -> Duration.ofMillis(300),
            (method, success) -> nanos -> {},
            clock,
            register,
            null);

    /** Knows one user by his token, until he is forgotten. */
    private final class OneUser implements CallRegister.Users {

        @Override
        public Caller caller(Attributes connection, Metadata headers) {
            return new Caller(headers.get(TOKEN), null);
        }

        @Override
        public @Nullable String name(Caller caller) {
            return caller.token() == null ? null : user;
        }
    }

    private CallTracer begin(String method, int port, @Nullable String token) {
        Metadata headers = new Metadata();
        if (token != null) {
            headers.put(TOKEN, token);
        }
        CallTracer call = counters.newServerStreamTracer(method, headers);
        call.connected(Attributes.newBuilder()
                .set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, new InetSocketAddress("127.0.0.1", port))
                .build());
        return call;
    }

    @Test
    void callWhenSlowIsKeptWithItsPhases() {
        CallTracer call = begin("etcdserverpb.KV/Put", 4711, "t");
        call.inboundWireSize(15);
        call.request(PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8("a"))
                .setValue(ByteString.copyFromUtf8("hidden"))
                .build());
        call.trace().requestId(0xabc);
        call.trace().reach(CallTrace.Step.PROPOSED);
        clock.advance(Duration.ofMillis(400));
        call.trace().reach(CallTrace.Step.COMMITTED);
        clock.advance(Duration.ofMillis(1));
        call.outboundWireSize(30);
        call.streamClosed(Status.OK);

        assertThat(register.slow())
                .containsExactly(SlowCall.newBuilder()
                        .setId("0000000000000abc")
                        .setMethod("etcdserverpb.KV/Put")
                        .setSubject("key \"a\", value of 6 bytes")
                        .setClient("127.0.0.1:4711")
                        .setUser("alice")
                        .setCode("OK")
                        .setEndedMillis(7_000)
                        .setDurationMicros(401_000)
                        .setReceivedBytes(15)
                        .setSentBytes(30)
                        .addPhases(phase("proposed", 0))
                        .addPhases(phase("committed", 400_000))
                        .addPhases(phase("answered", 1_000))
                        .build());
    }

    private static CallPhase phase(String name, long micros) {
        return CallPhase.newBuilder().setName(name).setMicros(micros).build();
    }

    @Test
    void callsWhenManyAreSlowAreKeptUpToTheBound() {
        for (int i = 0; i < CallRegister.SLOW_MAX + 20; i++) {
            CallTracer call = begin("etcdserverpb.KV/Range", i, null);
            clock.advance(Duration.ofMillis(301));
            call.streamClosed(Status.OK);
        }
        begin("etcdserverpb.KV/Range", 1, null).streamClosed(Status.OK);

        assertThat(register.slowTotal()).isEqualTo(CallRegister.SLOW_MAX + 20);
        assertThat(register.slow()).hasSize(CallRegister.SLOW_MAX);
        assertThat(register.slow().getFirst().getClient()).isEqualTo("127.0.0.1:119");
        assertThat(register.slow().getLast().getClient()).isEqualTo("127.0.0.1:20");
    }

    @Test
    void callsWhenAllOfOneSecondAreSlowAreNotAllDescribed() {
        for (int i = 0; i < CallRegister.SLOW_PER_SECOND + 5; i++) {
            CallTracer call = begin("etcdserverpb.KV/Range", i, null);
            clock.advance(Duration.ofMillis(301));
            call.streamClosed(Status.OK);
        }
        assertThat(register.slowTotal()).isEqualTo(CallRegister.SLOW_PER_SECOND + 5);
        assertThat(register.slow().getFirst().getClient()).isEqualTo("127.0.0.1:999");
    }

    @Test
    void streamWhenOpenIsThereUntilItEnds() {
        CallTracer second = begin("etcdserverpb.Watch/Watch", 2, null);
        CallTracer first = begin("etcdserverpb.Watch/Watch", 1, "t");
        first.inboundWireSize(5);
        first.outboundMessage(0);
        first.outboundWireSize(70);
        begin("etcdserverpb.KV/Range", 3, null);

        List<CallRegister.Stream> open = register.open();
        assertThat(open).extracting(CallRegister.Stream::client).containsExactly("127.0.0.1:1", "127.0.0.1:2");
        CallRegister.Stream stream = open.getFirst();
        assertThat(stream.method()).isEqualTo("etcdserverpb.Watch/Watch");
        assertThat(stream.sinceMillis()).isEqualTo(7_000);
        assertThat(List.of(stream.receivedBytes(), stream.sentBytes(), stream.sentMessages()))
                .containsExactly(5L, 70L, 1L);
        user = null;
        assertThat(stream.user()).as("known at its beginning").isEqualTo("alice");
        assertThat(open.getLast().user()).isNull();

        first.streamClosed(Status.CANCELLED);
        second.streamClosed(Status.OK);
        assertThat(register.open()).isEmpty();
        assertThat(register.slow()).isEmpty();
    }

    /** A transport may end a call before it tells of its connection. */
    @Test
    void streamWhenItEndsBeforeItBeginsIsNotKept() {
        CallTracer call = counters.newServerStreamTracer("etcdserverpb.Watch/Watch", new Metadata());
        call.streamClosed(Status.CANCELLED);
        call.connected(Attributes.EMPTY);
        assertThat(register.open()).isEmpty();
    }
}
