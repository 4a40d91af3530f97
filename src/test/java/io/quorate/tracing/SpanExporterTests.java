package io.quorate.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.base.CallTrace;
import io.quorate.fixture.ManualClock;
import io.quorate.fixture.MeterReader;
import io.quorate.tracing.SpanReceiver.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SpanExporterTests {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";
    private static final String SAMPLED = "00-" + TRACE + "-" + SPAN + "-01";
    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000, 5_000_000);

    private final ManualClock clock = new ManualClock();
    private final Queue<Outcome> outcomes = new ArrayDeque<>();
    private final List<JsonNode> received = new ArrayList<>();
    private final SpanExporter exporter = new SpanExporter(this::receive, new SpanText.Origin("qu\"ote", "m1\n"));

    private Outcome receive(byte[] spans) throws IOException {
        received.add(new JsonMapper().readTree(new String(spans, StandardCharsets.UTF_8)));
        Outcome outcome = outcomes.isEmpty() ? Outcome.TAKEN : outcomes.remove();
        if (outcome == Outcome.BUSY && outcomes.isEmpty()) {
            throw new IOException("no answer");
        }
        return outcome;
    }

    private void call(int perMillion, @Nullable String traceparent) {
        CallTrace trace = new CallTrace(clock);
        clock.advance(Duration.ofMillis(1));
        trace.reach(CallTrace.Step.RECEIVED);
        trace.reach(CallTrace.Step.PROPOSED);
        clock.advance(Duration.ofMillis(3));
        trace.reach(CallTrace.Step.COMMITTED);
        trace.reach(CallTrace.Step.APPLIED);
        clock.advance(Duration.ofNanos(500_000));
        new CallSpans(perMillion, exporter, () -> NOW)
                .ended(traceparent, "etcdserverpb.KV/Put", null, trace, 0, clock.nanos(), null);
    }

    private static List<JsonNode> spans(JsonNode request) {
        return request.at("/resourceSpans/0/scopeSpans/0/spans").valueStream().toList();
    }

    @Test
    void callWhenItsClientSamplesItBecomesASpanWithItsSteps() {
        call(0, SAMPLED);
        exporter.doWork();

        assertThat(received).hasSize(1);
        JsonNode request = received.getFirst();
        assertThat(request.at("/resourceSpans/0/resource/attributes/0/value/stringValue")
                        .asString())
                .isEqualTo("qu\"ote");
        assertThat(request.at("/resourceSpans/0/resource/attributes/1/value/stringValue")
                        .asString())
                .isEqualTo("m1\n");
        List<JsonNode> spans = spans(request);
        assertThat(spans.stream().map(span -> span.path("name").asString()))
                .containsExactly("etcdserverpb.KV/Put", "received", "proposed", "committed", "applied", "answered");
        JsonNode server = spans.getFirst();
        assertThat(server.path("parentSpanId").asString()).isEqualTo(SPAN);
        assertThat(server.path("kind").asInt()).isEqualTo(2);
        long end = 1_700_000_000_005_000_000L;
        assertThat(server.path("startTimeUnixNano").asLong()).isEqualTo(end - 4_500_000);
        assertThat(server.path("endTimeUnixNano").asLong()).isEqualTo(end);
        long before = server.path("startTimeUnixNano").asLong();
        for (JsonNode span : spans.subList(1, spans.size())) {
            assertThat(span.path("parentSpanId").asString())
                    .isEqualTo(server.path("spanId").asString());
            assertThat(span.path("startTimeUnixNano").asLong()).isEqualTo(before);
            before = span.path("endTimeUnixNano").asLong();
        }
        assertThat(spans).allSatisfy(span -> {
            assertThat(span.path("traceId").asString()).isEqualTo(TRACE);
            assertThat(span.path("spanId").asString()).matches("(?!0{16})[0-9a-f]{16}");
        });
        assertThat(before).isEqualTo(end);
        assertThat(spans.stream().map(span -> span.path("spanId").asString()).distinct())
                .hasSize(spans.size());
    }

    @Test
    void streamWhenItEndsIsOneSpanThatTellsWhatWentOverIt() {
        CallTrace trace = new CallTrace(clock);
        clock.advance(Duration.ofHours(5));
        CallSpans.Traffic traffic = new CallSpans.Traffic(2, 3_000_000_000L, 20, 4_000_000_000L);
        new CallSpans(0, exporter, () -> NOW)
                .ended(SAMPLED, "etcdserverpb.Watch/Watch", null, trace, 1, clock.nanos(), traffic);
        exporter.doWork();

        assertThat(spans(received.getFirst())).singleElement().satisfies(span -> {
            assertThat(span.path("name").asString()).isEqualTo("etcdserverpb.Watch/Watch");
            assertThat(span.path("endTimeUnixNano").asLong()
                            - span.path("startTimeUnixNano").asLong())
                    .isEqualTo(Duration.ofHours(5).toNanos());
            assertThat(span.path("attributes").toString())
                    .contains(
                            "{\"key\":\"quorate.stream.received.messages\",\"value\":{\"intValue\":\"2\"}}",
                            "{\"key\":\"quorate.stream.sent.messages\",\"value\":{\"intValue\":\"3000000000\"}}",
                            "{\"key\":\"quorate.stream.received.bytes\",\"value\":{\"intValue\":\"20\"}}",
                            "{\"key\":\"quorate.stream.sent.bytes\",\"value\":{\"intValue\":\"4000000000\"}}");
            assertThat(span.has("status")).as("its client had enough of it").isFalse();
        });
    }

    @Test
    void callsWhenTheMemberEndsAreSentUnlessTheCollectorFails() {
        call(0, SAMPLED);
        exporter.onStop();
        assertThat(received).hasSize(1);
        outcomes.add(Outcome.REFUSED);
        call(0, SAMPLED);
        exporter.doWork();
        assertThat(exporter.isFailing()).isTrue();
        call(0, SAMPLED);
        exporter.onStop();
        assertThat(received).hasSize(2);
    }

    @Test
    void callWhenNobodySamplesItIsNotExported() {
        call(1_000_000, "00-" + TRACE + "-" + SPAN + "-00");
        call(0, null);
        call(0, "ff-" + TRACE + "-" + SPAN + "-01");
        call(0, "00-" + "0".repeat(32) + "-" + SPAN + "-01");
        call(0, "00-" + TRACE + "-" + "0".repeat(16) + "-01");
        call(0, SAMPLED + "-more");
        call(0, SAMPLED.toUpperCase(java.util.Locale.ROOT));
        call(0, "x".repeat(100_000));
        exporter.doWork();
        assertThat(received).isEmpty();

        call(1_000_000, null);
        call(0, "01-" + TRACE + "-" + SPAN + "-03-more");
        exporter.doWork();
        List<JsonNode> spans = spans(received.getFirst());
        assertThat(spans).hasSize(12);
        assertThat(spans.getFirst().has("parentSpanId")).isFalse();
        assertThat(spans.getFirst().path("traceId").asString()).matches("[0-9a-f]{32}");
        assertThat(spans.get(6).path("traceId").asString()).isEqualTo(TRACE);
    }

    @Test
    void receiverWhenItIsBusyIsAskedAgainAFewTimes() {
        outcomes.addAll(List.of(Outcome.BUSY, Outcome.BUSY, Outcome.TAKEN));
        call(0, SAMPLED);
        assertThat(exporter.doWork()).isEqualTo(1_000_000_000);
        assertThat(exporter.doWork()).isEqualTo(2_000_000_000);
        exporter.doWork();
        assertThat(received).hasSize(SpanExporter.ATTEMPTS_MAX);
        assertThat(received.get(2)).isEqualTo(received.getFirst());
        assertThat(exporter.exported()).isEqualTo(1);

        outcomes.addAll(List.of(Outcome.BUSY, Outcome.BUSY, Outcome.BUSY));
        call(0, SAMPLED);
        for (int i = 0; i < 10; i++) {
            exporter.doWork();
        }
        assertThat(received).hasSize(2 * SpanExporter.ATTEMPTS_MAX);
        outcomes.add(Outcome.REFUSED);
        call(0, SAMPLED);
        exporter.doWork();
        exporter.doWork();
        assertThat(received).hasSize(2 * SpanExporter.ATTEMPTS_MAX + 1);
        assertThat(exporter.dropped()).isEqualTo(2);
    }

    @Test
    void queueWhenItIsFullDropsAndCounts() {
        for (int i = 0; i < SpanExporter.QUEUE_MAX + 7; i++) {
            call(0, SAMPLED);
        }
        while (exporter.doWork() == 0) {
            assertThat(spans(received.getLast())).hasSize(6 * SpanExporter.BATCH_MAX);
        }
        exporter.doWork();
        assertThat(exporter.exported()).isEqualTo(SpanExporter.QUEUE_MAX);
        assertThat(new MeterReader(exporter).values("quorate_traced_calls_total"))
                .containsEntry("overflow", 7L)
                .containsEntry("unsent", 0L);
    }
}
