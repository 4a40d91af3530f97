package io.quorate.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.base.Agent;
import io.quorate.base.AgentThread;
import io.quorate.base.Bytes;
import io.quorate.fixture.ManualClock;
import io.quorate.fixture.MeterReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class AuditTrailTests {

    private static final Instant NOW = Instant.parse("2026-11-30T01:02:03.004Z");
    private static final AuditChoice ALL = new AuditChoice(false, false, false, true);

    /** Keeps lines, and can be full. */
    private static final class MemorySink implements AuditSink {

        private final StringBuilder lines = new StringBuilder();
        private boolean isFull;
        private boolean closed;

        @Override
        public void write(byte[] bytes) throws IOException {
            if (isFull) {
                throw new IOException("No space left on device");
            }
            lines.append(new String(bytes, StandardCharsets.UTF_8));
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private final MemorySink sink = new MemorySink();
    private final ManualClock clock = new ManualClock();
    private final AuditTrail trail = trail(ALL, 4);

    private AuditTrail trail(AuditChoice choice, int queue) {
        return new AuditTrail(choice, sink, queue, () -> "8e9e05c52164694d", new AuditTrail.Clocks(() -> NOW, clock));
    }

    private static AuditRecord.AuditRecordBuilder put() {
        return AuditRecord.builder()
                .kind(AuditRecord.Kind.WRITE)
                .client("10.0.0.1:4711")
                .user("alice")
                .origin("token")
                .call("etcdserverpb.KV/Put")
                .ranges(List.of(AuditedRange.of(Bytes.utf8("foo"), Bytes.EMPTY)))
                .code("OK")
                .revision(17);
    }

    private String written(AuditRecord record) {
        sink.lines.setLength(0);
        trail.add(record);
        assertThat(trail.doWork()).isEqualTo(Agent.UNTIL_WOKEN);
        return sink.lines.toString();
    }

    @Test
    void addWhenWrittenIsOneLineOfJson() {
        assertThat(written(put().build()))
                .isEqualTo(
                        "{\"time\":\"2026-11-30T01:02:03.004Z\",\"member\":\"8e9e05c52164694d\","
                                + "\"client\":\"10.0.0.1:4711\",\"user\":\"alice\",\"origin\":\"token\","
                                + "\"call\":\"etcdserverpb.KV/Put\",\"keys\":[{\"key\":\"foo\"}],\"code\":\"OK\",\"revision\":17}\n");
        assertThat(written(put().user(null)
                        .origin(null)
                        .ranges(List.of())
                        .revision(0)
                        .call("etcdserverpb.Auth/UserAdd")
                        .subject("bob")
                        .code("UNAUTHENTICATED")
                        .build()))
                .isEqualTo("{\"time\":\"2026-11-30T01:02:03.004Z\",\"member\":\"8e9e05c52164694d\","
                        + "\"client\":\"10.0.0.1:4711\",\"call\":\"etcdserverpb.Auth/UserAdd\",\"subject\":\"bob\","
                        + "\"code\":\"UNAUTHENTICATED\"}\n");
    }

    @Test
    void addWhenKeysAreRangesOrNotPrintableSaysSo() {
        List<AuditedRange> ranges = List.of(
                AuditedRange.of(Bytes.utf8("a"), Bytes.utf8("b")),
                AuditedRange.of(Bytes.utf8("a"), Bytes.wrap(new byte[1])),
                AuditedRange.of(Bytes.wrap(new byte[] {0, -1}), Bytes.EMPTY),
                AuditedRange.of(Bytes.utf8("q\"\\"), Bytes.EMPTY),
                AuditedRange.of(Bytes.utf8("x".repeat(2000)), Bytes.EMPTY));
        assertThat(written(put().ranges(ranges).build()))
                .contains("{\"key\":\"a\",\"range_end\":\"b\"},{\"key\":\"a\",\"range_end_base64\":\"AA==\"},"
                        + "{\"key_base64\":\"AP8=\"},{\"key\":\"q\\\"\\\\\"},{\"key\":\"" + "x".repeat(1024)
                        + "\",\"key_bytes\":2000}]");
    }

    @Test
    void addWhenThereAreManyKeysListsTheFirstAndCountsTheRest() {
        AuditRecord many = put().ranges(
                        Collections.nCopies(1000, AuditedRange.of(Bytes.utf8("k".repeat(1000)), Bytes.EMPTY)))
                .build();
        assertThat(many.ranges()).hasSize(8);
        assertThat(written(many)).contains("],\"keys_omitted\":992,").hasSizeLessThan(10_000);
    }

    /** Whatever a name is made of, a line is one line, and an object of JSON with that name in it. */
    @Test
    void addWhenNamesAreHostileStaysOneLineOfJson() {
        String name = "a\"},{\"user\":\"root\"\n\r\t\u0000\u001f\\ \u2028\ud83d\ude00\u00e4";
        String line = written(put().user(name).subject("x".repeat(1 << 20)).build());
        assertThat(line.lines()).hasSize(1);
        assertThat(line).hasSizeLessThan(1000);
        assertThat(JsonParserFactory.getJsonParser().parseMap(line)).containsEntry("user", name);
    }

    @Test
    void wantsWhenCallsAreChosenIncludesThoseAlone() {
        AuditTrail writes = trail(new AuditChoice(true, false, false, false), 1);
        assertThat(writes.wants(AuditRecord.Kind.WRITE, false)).isTrue();
        assertThat(writes.wants(AuditRecord.Kind.READ, false)).isFalse();
        assertThat(writes.wants(AuditRecord.Kind.AUTH, true)).isFalse();
        AuditTrail auth = trail(new AuditChoice(false, true, false, false), 1);
        assertThat(auth.wants(AuditRecord.Kind.AUTH, false)).isTrue();
        assertThat(auth.wants(AuditRecord.Kind.WRITE, false)).isFalse();
        AuditTrail refusals = trail(new AuditChoice(false, false, true, false), 1);
        assertThat(refusals.wants(AuditRecord.Kind.READ, true)).isTrue();
        assertThat(refusals.wants(AuditRecord.Kind.WRITE, false)).isFalse();
        assertThat(trail.wants(AuditRecord.Kind.OTHER, false)).isTrue();
        assertThat(AuditTrail.off().wants(AuditRecord.Kind.WRITE, true)).isFalse();
        assertThat(AuditTrail.off().isOn()).isFalse();
        assertThat(trail.isOn()).isTrue();
    }

    @Test
    void addWhenTheQueueIsFullDropsAndCountsAndSaysSo(CapturedOutput log) {
        MeterReader meters = new MeterReader(trail::register);
        for (int i = 0; i < 10; i++) {
            trail.add(put().revision(i + 1).build());
        }
        assertThat(meters.value("quorate_audit_waiting")).isEqualTo(4);
        assertThat(meters.value("quorate_audit_dropped_total")).isEqualTo(6);
        assertThat(log)
                .containsOnlyOnce("lines of the audit trail were lost because too many waited; 1 since the start");
        trail.doWork();
        assertThat(sink.lines.toString().lines()).hasSize(4);
        assertThat(meters.value("quorate_audit_lines_total")).isEqualTo(4);
    }

    @Test
    void doWorkWhenTheDiskIsFullCountsAndGoesOnOnceItIsNot(CapturedOutput log) {
        MeterReader meters = new MeterReader(trail::register);
        sink.isFull = true;
        trail.add(put().build());
        trail.add(put().build());
        assertThat(trail.doWork()).isEqualTo(Agent.UNTIL_WOKEN);
        assertThat(meters.value("quorate_audit_dropped_total")).isEqualTo(2);
        assertThat(log)
                .contains("could not be written: java.io.IOException: No space left on device; 2 since the start");
        sink.isFull = false;
        assertThat(written(put().revision(18).build())).contains("\"revision\":18");
    }

    @Test
    void addWhenTheSinkHangsDoesNotWaitForIt() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        AuditSink slow = new AuditSink() {
            @Override
            public void write(byte[] lines) throws IOException {
                entered.countDown();
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }

            @Override
            public void close() {}
        };
        AuditTrail behind = new AuditTrail(ALL, slow, 2, () -> "1", new AuditTrail.Clocks(() -> NOW, clock));
        MeterReader meters = new MeterReader(behind::register);
        try (AgentThread thread = new AgentThread(behind, failure -> {})) {
            behind.attach(thread);
            thread.start();
            behind.add(put().build());
            entered.await();
            for (int i = 0; i < 5; i++) {
                behind.add(put().build());
            }
            assertThat(meters.value("quorate_audit_dropped_total")).isEqualTo(3);
            gate.countDown();
        }
        assertThat(meters.value("quorate_audit_lines_total")).isEqualTo(3);
    }

    @Test
    void onStopWhenLinesWaitWritesThem() {
        trail.add(put().build());
        trail.add(put().build());
        trail.onStop();
        assertThat(sink.lines.toString().lines()).hasSize(2);
        assertThat(sink.closed).isTrue();
    }
}
