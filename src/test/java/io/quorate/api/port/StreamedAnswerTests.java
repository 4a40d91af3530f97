package io.quorate.api.port;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.api.grpc.CallCounters;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.fixture.CapturedLog;
import io.quorate.fixture.MeterReader;
import io.quorate.proto.RangeRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are read while their clients take them. */
class StreamedAnswerTests extends CallCase {

    private static final String RANGE = "/etcdserverpb.KV/Range";
    private static final String HEAD = "status 200 ";
    private static final String SUCCESS = "grpc 0 ";
    private static final int SLICES_BYTES = 2 * 256 * 1024;

    private FakeLargeAnswer offer(int bytes) {
        FakeLargeAnswer answer = new FakeLargeAnswer(bytes);
        edge.bean(FakeKv.class).large.add(answer);
        return answer;
    }

    private H2Client.Stream list() throws InterruptedException {
        return list(client);
    }

    private static H2Client.Stream list(H2Client client) throws InterruptedException {
        byte[] request = framed(RangeRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8("large"))
                .build());
        return client.open(RANGE, "content-type", "application/grpc", "te", "trailers")
                .send(request, true);
    }

    /** A starved machine takes its time. */
    private static ConditionFactory await(String what) {
        return Awaitility.await(what).atMost(Duration.ofMinutes(3));
    }

    private MemoryBudget buffers() {
        return edge.bean(ClientMemory.class).buffers();
    }

    private void awaitLetGo(FakeLargeAnswer answer) {
        await("the answer to be closed").until(() -> answer.closed.get() == 1);
        await("its buffers to be given back").until(() -> buffers().heldBytes() == 0);
    }

    /** Of the first slice as much has left as the window takes; the second lies ready, and there is no third. */
    private void awaitStalled(FakeLargeAnswer answer) {
        await("two slices").until(() -> answer.reads.get() >= 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 262_144, 262_145, 3_000_000})
    void answerWhenStreamedIsWhole(int bytes) throws Exception {
        FakeLargeAnswer answer = offer(bytes);
        String all = list().rest();
        assertThat(all).startsWith(HEAD).endsWith(SUCCESS).contains(answer.text());
        assertThat(all.length() - bytes).as("around it").isBetween(HEAD.length(), HEAD.length() + 5 + SUCCESS.length());
        awaitLetGo(answer);
        MeterReader counted = new MeterReader(edge.bean(CallCounters.class));
        assertThat(counted.value("grpc_server_msg_sent_total", "unary", "etcdserverpb.KV", "Range"))
                .isEqualTo(1);
        assertThat(counted.value("grpc_server_handled_total", "unary", "etcdserverpb.KV", "Range", "OK"))
                .isEqualTo(1);
    }

    @Test
    void clientWhenItDoesNotReadHoldsTwoSlices() throws Exception {
        FakeLargeAnswer answer = offer(20_000_000);
        H2Client.Stream call = list();
        call.hold(true);
        awaitStalled(answer);
        try (H2Client other = new H2Client(edge.port())) { // the held stream has used up its connection's window
            FakeLargeAnswer beside = offer(3_000_000);
            assertThat(list(other).rest()).endsWith(SUCCESS);
            await("the other answer to be closed").until(() -> beside.closed.get() == 1);
        }
        assertThat(answer.reads).hasValue(2);
        assertThat(buffers().heldBytes()).isLessThanOrEqualTo(SLICES_BYTES + 2 * 64 * 1024);
        assertThat(answer.closed).hasValue(0);
        call.hold(false);
        assertThat(call.rest()).endsWith(SUCCESS).hasSizeGreaterThan(20_000_000);
        awaitLetGo(answer);
    }

    @Test
    void fiftyAnswersWhenNobodyReadsHoldTwoSlicesEach() throws Exception {
        List<FakeLargeAnswer> answers = new ArrayList<>();
        List<H2Client.Stream> calls = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            answers.add(offer(3_000_000));
            H2Client.Stream call = list();
            call.hold(true);
            calls.add(call);
        }
        answers.forEach(this::awaitStalled);
        assertThat(buffers().heldBytes()).isLessThanOrEqualTo(50L * SLICES_BYTES + 3 * 64 * 1024);
        for (H2Client.Stream call : calls) {
            call.hold(false);
        }
        for (H2Client.Stream call : calls) {
            assertThat(call.rest()).endsWith(SUCCESS).hasSizeGreaterThan(3_000_000);
        }
        answers.forEach(this::awaitLetGo);
    }

    @Test
    void answerWhenCancelledIsLetGo() throws Exception {
        FakeLargeAnswer answer = offer(20_000_000);
        H2Client.Stream call = list();
        call.hold(true);
        awaitStalled(answer);
        call.reset();
        awaitLetGo(answer);
    }

    @Test
    void answerWhenCancelledWhileItIsReadIsLetGoAfterwards() throws Exception {
        FakeLargeAnswer answer = offer(20_000_000);
        answer.pause();
        H2Client.Stream call = list();
        await("a read").until(() -> answer.reading);
        call.reset();
        await("the end of the call")
                .until(() -> new MeterReader(edge.bean(CallCounters.class))
                                .value("grpc_server_handled_total", "unary", "etcdserverpb.KV", "Range", "Canceled")
                        == 1);
        assertThat(answer.closed).as("closed under its reader").hasValue(0);
        answer.goOn();
        awaitLetGo(answer);
    }

    @Test
    void answerWhenConnectionIsCutIsLetGo() throws Exception {
        FakeLargeAnswer answer = offer(20_000_000);
        try (H2Client lost = new H2Client(edge.port())) {
            list(lost).hold(true);
            awaitStalled(answer);
        }
        awaitLetGo(answer);
    }

    @Test
    void answerWhenPortClosesIsLetGo() throws Exception {
        FakeLargeAnswer answer = offer(20_000_000);
        list().hold(true);
        awaitStalled(answer);
        edge.close();
        await("the answer to be closed").until(() -> answer.closed.get() == 1);
    }

    @Test
    void answerWhenItHasToBeGivenBackIsBrokenOff() throws Exception {
        FakeLargeAnswer answer = offer(20_000_000);
        H2Client.Stream call = list();
        call.hold(true);
        awaitStalled(answer);
        answer.revoke();
        awaitLetGo(answer);
        call.hold(false);
        await("the reset").until(() -> call.events.contains("reset"));
    }

    @Test
    void answerWhenReadIsRefusedIsBrokenOffWithoutALine() throws Exception {
        FakeLargeAnswer answer = offer(1_000_000);
        answer.failure = new RequestException(RequestError.STOPPED);
        try (CapturedLog log = new CapturedLog("io.quorate.base.Stages")) {
            H2Client.Stream call = list();
            await("the reset").until(() -> call.events.contains("reset"));
            awaitLetGo(answer);
            assertThat(log.lines()).isEmpty();
        }
    }

    @Test
    void answerWhenReadFailsIsBrokenOffAndLogged() throws Exception {
        FakeLargeAnswer answer = offer(1_000_000);
        answer.failure = new IllegalStateException("broken on purpose");
        try (CapturedLog log = new CapturedLog("io.quorate.base.Stages")) {
            H2Client.Stream call = list();
            await("the reset").until(() -> call.events.contains("reset"));
            awaitLetGo(answer);
            assertThat(log.lines()).hasSize(1);
        }
    }

    @Test
    void answerWhenItEndsEarlyIsBrokenOff() throws Exception {
        FakeLargeAnswer answer = offer(1_000_000);
        answer.missing = 10;
        H2Client.Stream call = list();
        await("the reset").until(() -> call.events.contains("reset"));
        awaitLetGo(answer);
    }

    @Test
    void clientWhenItTakesTooLittleIsCutOff() throws Exception {
        FakeLargeAnswer answer = offer(20_000_000);
        answer.pace = new StreamedAnswer.Pace(Duration.ofMillis(200), 19_000_000);
        H2Client.Stream call = list();
        call.hold(true);
        awaitLetGo(answer);
        call.hold(false);
        await("the reset").until(() -> call.events.contains("reset"));
        assertThat(buffers().refusals()).isEqualTo(1);
        assertThat(new MeterReader(edge.bean(CallCounters.class))
                        .value("grpc_server_handled_total", "unary", "etcdserverpb.KV", "Range", "ResourceExhausted"))
                .isEqualTo(1);
    }
}
