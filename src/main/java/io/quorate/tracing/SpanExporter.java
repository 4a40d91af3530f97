package io.quorate.tracing;

import io.quorate.base.Agent;
import io.quorate.base.Metered;
import io.quorate.base.Meters;
import io.quorate.base.Stages;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import lombok.extern.slf4j.Slf4j;

/**
 * Sends sampled calls as spans, some at a time. Calls are offered by any thread, which never waits; the thread {@code span-export} sends them.
 */
@Slf4j
public final class SpanExporter implements Agent, Metered {

    /** Calls that may wait; more are dropped. */
    static final int QUEUE_MAX = 4096;

    /** Calls that are sent at once. */
    static final int BATCH_MAX = 512;

    /** How often the same calls are sent while the receiver is busy or away. */
    static final int ATTEMPTS_MAX = 3;

    private static final long LINGER_NANOS = Duration.ofMillis(500).toNanos();
    private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

    private final SpanReceiver receiver;
    private final SpanText text;
    private final ArrayBlockingQueue<TracedCall> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
    private final List<TracedCall> batch = new ArrayList<>();
    private final LongAdder exported = new LongAdder();
    private final LongAdder overflowed = new LongAdder();
    private final LongAdder unsent = new LongAdder();
    private byte[] encoded = {};
    private int attempts;
    private volatile boolean failing;

    public SpanExporter(SpanReceiver receiver, SpanText.Origin origin) {
        this.receiver = receiver;
        this.text = new SpanText(origin);
    }

    void offer(TracedCall call) {
        if (!queue.offer(call)) {
            overflowed.increment();
        }
    }

    @Override
    public String name() {
        return "span-export";
    }

    /** Sends once, if there is something to send. */
    @Override
    public long doWork() {
        if (batch.isEmpty()) {
            queue.drainTo(batch, BATCH_MAX);
            if (batch.isEmpty()) {
                return LINGER_NANOS;
            }
            attempts = 0;
            encoded = text.of(batch);
        }
        attempts++;
        SpanReceiver.Outcome outcome = guarded();
        note(outcome);
        if (outcome == SpanReceiver.Outcome.BUSY && attempts < ATTEMPTS_MAX) {
            return attempts * PAUSE_NANOS;
        }
        (outcome == SpanReceiver.Outcome.TAKEN ? exported : unsent).add(batch.size());
        batch.clear();
        encoded = new byte[0];
        return queue.size() < BATCH_MAX ? LINGER_NANOS : 0;
    }

    /** Sends once what waits, as streams that the end of the member has ended; not to a collector that did not take the last. */
    @Override
    public void onStop() {
        if (!failing) {
            long unused = doWork();
        }
    }

    /** Whether the last calls were not taken. */
    public boolean isFailing() {
        return failing;
    }

    /** Whatever goes wrong costs spans and nothing else. */
    private SpanReceiver.Outcome guarded() {
        try {
            return receiver.send(encoded);
        } catch (IOException e) { // away, or too slow
            log.debug("No answer from {}", receiver, e);
            return SpanReceiver.Outcome.BUSY;
        } catch (InterruptedException e) { // nobody does so but to end the thread
            Thread.currentThread().interrupt();
            return SpanReceiver.Outcome.REFUSED;
        } catch (RuntimeException e) {
            Stages.report("the export of spans", e);
            return SpanReceiver.Outcome.REFUSED;
        }
    }

    /** One line when it begins to fail, and one when it does not any more. */
    private void note(SpanReceiver.Outcome outcome) {
        boolean fails = outcome != SpanReceiver.Outcome.TAKEN;
        if (fails && !failing) {
            log.warn("Spans are not taken by {}; quorate_traced_calls_total counts those that are lost", receiver);
        } else if (!fails && failing) {
            log.info("Spans are taken by {} again", receiver);
        }
        failing = fails;
    }

    @Override
    public void register(Meters meters) {
        meters.counters(
                "quorate_traced_calls_total",
                "Sampled calls whose spans were exported, found the queue full (overflow), or were not taken (unsent).",
                points -> {
                    points.add(exported.sum(), "outcome", "exported");
                    points.add(overflowed.sum(), "outcome", "overflow");
                    points.add(unsent.sum(), "outcome", "unsent");
                });
    }

    /** Calls that were exported. */
    public long exported() {
        return exported.sum();
    }

    /** Calls that were dropped, whatever the reason. */
    public long dropped() {
        return overflowed.sum() + unsent.sum();
    }
}
