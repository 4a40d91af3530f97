package io.quorate.api.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.quorate.fixture.ManualClock;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.WatchGrpc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallCountersTests {

    private final ManualClock clock = new ManualClock();
    private final List<String> durations = new ArrayList<>();
    private final CallCounters counters = new CallCounters(
            List.of(KVGrpc.getServiceDescriptor(), WatchGrpc.getServiceDescriptor()),
            () -> Duration.ofMillis(300),
            (method, success) -> nanos -> durations.add(method + " " + success + " " + nanos / 1_000_000),
            clock);

    private ServerStreamTracer begin(String method) {
        return counters.newServerStreamTracer(method, new Metadata());
    }

    private CallCounters.MethodCounter counter(String method) {
        return counters.methods().stream()
                .filter(each -> each.method().getFullMethodName().equals(method))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void callWhenItEndsIsCountedWithItsMessagesAndBytes() {
        ServerStreamTracer call = begin("etcdserverpb.KV/Put");
        call.inboundMessage(0);
        call.inboundWireSize(10);
        call.outboundMessage(0);
        call.outboundWireSize(20);
        clock.advance(Duration.ofMillis(5));
        assertThat(counter("etcdserverpb.KV/Put").handled(Status.Code.OK)).isZero();
        call.streamClosed(Status.OK);

        CallCounters.MethodCounter put = counter("etcdserverpb.KV/Put");
        assertThat(put.started()).isEqualTo(1);
        assertThat(put.received()).isEqualTo(1);
        assertThat(put.sent()).isEqualTo(1);
        assertThat(put.handled(Status.Code.OK)).isEqualTo(1);
        assertThat(counters.receivedBytes()).isEqualTo(10);
        assertThat(counters.sentBytes()).isEqualTo(20);
        assertThat(durations).containsExactly("Put true 5");
        assertThat(counter("etcdserverpb.KV/Range").started()).isZero();
    }

    @Test
    void callWhenItFailsIsCountedByItsCode() {
        begin("etcdserverpb.KV/Put").streamClosed(Status.NOT_FOUND);
        assertThat(counter("etcdserverpb.KV/Put").handled(Status.Code.NOT_FOUND))
                .isEqualTo(1);
        assertThat(durations).containsExactly("Put false 0");
    }

    @Test
    void callWhenTheMethodIsUnknownIsNotCounted() {
        begin("Nothing/Nothing").streamClosed(Status.UNIMPLEMENTED);
        assertThat(counters.methods()).allMatch(method -> method.started() == 0);
    }

    @Test
    void callWhenUnaryAndSlowIsCountedAsSlow() {
        ServerStreamTracer atTheLimit = begin("etcdserverpb.KV/Put");
        ServerStreamTracer slow = begin("etcdserverpb.KV/Put");
        ServerStreamTracer stream = begin("etcdserverpb.Watch/Watch");
        clock.advance(Duration.ofMillis(300));
        atTheLimit.streamClosed(Status.OK);
        assertThat(counters.slowCount()).isZero();
        clock.advance(Duration.ofMillis(1));
        slow.streamClosed(Status.OK);
        stream.streamClosed(Status.CANCELLED);
        assertThat(counters.slowCount()).isEqualTo(1);
    }
}
