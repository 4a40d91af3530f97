package io.quorate.api.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import ch.qos.logback.classic.Level;
import com.google.protobuf.ByteString;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.Status;
import io.quorate.api.port.CallTracer;
import io.quorate.base.CallTrace;
import io.quorate.base.SlowLog;
import io.quorate.fixture.CapturedLog;
import io.quorate.fixture.ManualClock;
import io.quorate.fixture.MeterReader;
import io.quorate.fixture.NoUsers;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.MaintenanceGrpc;
import io.quorate.proto.PutRequest;
import io.quorate.proto.WatchGrpc;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallCountersTests {

    private final ManualClock clock = new ManualClock();
    private final List<String> durations = new ArrayList<>();
    private final CallCounters counters = new CallCounters(
            List.of(
                    KVGrpc.getServiceDescriptor(),
                    MaintenanceGrpc.getServiceDescriptor(),
                    WatchGrpc.getServiceDescriptor()),
            () -> Duration.ofMillis(300),
            (method, success) -> nanos -> durations.add(method + " " + success + " " + nanos / 1_000_000),
            clock,
            NoUsers.register(),
            null);

    private CallTracer begin(String method) {
        return counters.newServerStreamTracer(method, new Metadata());
    }

    private long count(String name, String... labels) {
        return new MeterReader(counters).value(name, labels);
    }

    private long handled(String method, String code) {
        return count("grpc_server_handled_total", "unary", "etcdserverpb.KV", method, code);
    }

    @Test
    void callWhenItEndsIsCountedWithItsMessagesAndBytes() {
        CallTracer call = begin("etcdserverpb.KV/Put");
        call.inboundMessage(0);
        call.inboundWireSize(10);
        call.outboundMessage(0);
        call.outboundWireSize(20);
        clock.advance(Duration.ofMillis(5));
        assertThat(handled("Put", "OK")).isZero();
        call.streamClosed(Status.OK);

        String[] put = {"unary", "etcdserverpb.KV", "Put"};
        assertThat(count("grpc_server_started_total", put)).isEqualTo(1);
        assertThat(count("grpc_server_msg_received_total", put)).isEqualTo(1);
        assertThat(count("grpc_server_msg_sent_total", put)).isEqualTo(1);
        assertThat(handled("Put", "OK")).isEqualTo(1);
        assertThat(count("etcd_network_client_grpc_received_bytes_total")).isEqualTo(10);
        assertThat(count("etcd_network_client_grpc_sent_bytes_total")).isEqualTo(20);
        assertThat(durations).containsExactly("Put true 5");
        assertThat(count("grpc_server_started_total", "unary", "etcdserverpb.KV", "Range"))
                .isZero();
    }

    @Test
    void callWhenItFailsIsCountedByItsCode() {
        begin("etcdserverpb.KV/Put").streamClosed(Status.NOT_FOUND);
        assertThat(handled("Put", "NotFound")).isEqualTo(1);
        assertThat(durations).containsExactly("Put false 0");
    }

    @Test
    void callWhenTheMethodIsUnknownIsNotCounted() {
        begin("Nothing/Nothing").streamClosed(Status.UNIMPLEMENTED);
        assertThat(new MeterReader(counters).values("grpc_server_started_total").values())
                .containsOnly(0L);
    }

    @Test
    void callWhenUnaryAndSlowIsCountedAsSlow() {
        CallTracer atTheLimit = begin("etcdserverpb.KV/Put");
        CallTracer slow = begin("etcdserverpb.KV/Put");
        CallTracer stream = begin("etcdserverpb.Watch/Watch");
        clock.advance(Duration.ofMillis(300));
        atTheLimit.streamClosed(Status.OK);
        assertThat(counters.slowCount()).isZero();
        clock.advance(Duration.ofMillis(1));
        slow.streamClosed(Status.OK);
        stream.streamClosed(Status.CANCELLED);
        assertThat(counters.slowCount()).isEqualTo(1);
    }

    @Test
    void callWhenSlowLeavesALineThatTellsWhoWhatAndWhere() {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER), "order-7\"");
        CallTracer call = counters.newServerStreamTracer("etcdserverpb.KV/Put", headers);
        call.connected(Attributes.newBuilder()
                .set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, new InetSocketAddress("127.0.0.1", 4711))
                .build());
        call.inboundWireSize(15);
        call.trace()
                .subject(PutRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8("a"))
                        .setValue(ByteString.copyFromUtf8("secret"))
                        .build());
        call.trace().requestId(0xabc);
        call.trace().reach(CallTrace.Step.PROPOSED);
        clock.advance(Duration.ofMillis(400));
        call.trace().reach(CallTrace.Step.COMMITTED);
        call.outboundWireSize(30);
        try (CapturedLog log = new CapturedLog(SlowLog.class)) {
            call.streamClosed(Status.OK);
            assertThat(log.lines())
                    .containsExactly(
                            "call 0000000000000abc of 127.0.0.1:4711 \"order-7\\\"\", etcdserverpb.KV/Put of key"
                                    + " \"a\", value of 6 bytes: OK, 15 bytes in, 30 out; in ms: proposed 0.0, committed 400.0,"
                                    + " answered 0.0; took 400 ms, more than 300.0 ms");
        }
    }

    @Test
    void callWhenNothingIsKnownOfItStillHasALine() {
        CallTracer call = begin("etcdserverpb.Maintenance/Status");
        clock.advance(Duration.ofMillis(301));
        try (CapturedLog log = new CapturedLog(SlowLog.class)) {
            call.streamClosed(Status.CANCELLED);
            assertThat(log.lines())
                    .singleElement(STRING)
                    .matches(
                            "call [0-9a-f]{16} of null, etcdserverpb.Maintenance/Status: CANCELLED, 0 bytes in, 0 out; .*");
        }
    }

    /** The client's word that it gives up may come before the member's own clock has seen the deadline. */
    @Test
    void callWhenItsDeadlineHasPassedSaysSoWhoeverEndedIt() {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER), "500m");
        CallTracer early = counters.newServerStreamTracer("etcdserverpb.KV/Put", headers);
        CallTracer late = counters.newServerStreamTracer("etcdserverpb.KV/Put", headers);
        try (CapturedLog log = new CapturedLog(SlowLog.class)) {
            clock.advance(Duration.ofMillis(400));
            early.streamClosed(Status.CANCELLED);
            clock.advance(Duration.ofSeconds(1));
            late.streamClosed(Status.CANCELLED);
            assertThat(log.lines()).hasSize(2);
            assertThat(log.lines().getFirst()).contains("etcdserverpb.KV/Put: CANCELLED");
            assertThat(log.lines().getLast()).contains("etcdserverpb.KV/Put: DEADLINE_EXCEEDED");
        }
    }

    @Test
    void callWhenDebuggingHasALineHoweverFast() {
        try (CapturedLog log = new CapturedLog(CallLog.class)) {
            begin("etcdserverpb.KV/Range").streamClosed(Status.OK);
            assertThat(log.lines()).isEmpty();
            log.at(Level.DEBUG);
            begin("etcdserverpb.KV/Range").streamClosed(Status.OK);
            begin("etcdserverpb.Watch/Watch").streamClosed(Status.OK);
            assertThat(log.lines())
                    .singleElement(STRING)
                    .contains("etcdserverpb.KV/Range: OK")
                    .endsWith("took 0 us");
        }
    }
}
