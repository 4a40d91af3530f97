package io.quorate.audit;

import io.quorate.base.Agent;
import io.quorate.base.AgentThread;
import io.quorate.base.Meters;
import io.quorate.base.MonotonicClock;
import io.quorate.base.Throttle;
import io.quorate.base.Waker;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * The trail of calls. {@link #wants} and {@link #add} are for any thread and never wait: a line that finds no place in the queue is
 * dropped and counted, and so are those that the sink does not take. The thread {@code audit} writes.
 */
@Slf4j
public final class AuditTrail implements Agent {

    private static final Duration REPORT_EVERY = Duration.ofMinutes(1);

    /** Lines are written together up to about this size. */
    private static final int BATCH_CHARS = 64 << 10;

    private record Waiting(Instant time, AuditRecord record) {}

    private final AuditChoice choice;
    private final boolean on;
    private final AuditSink sink;
    private final Supplier<String> member;
    private final InstantSource time;
    private final ArrayBlockingQueue<Waiting> queue;
    private final Throttle reports;
    private final Waker waker = new Waker();
    private final LongAdder written = new LongAdder();
    private final LongAdder full = new LongAdder();
    private final LongAdder failed = new LongAdder();

    /** The clocks: for the time in a line, and for how often the log says that lines were dropped. */
    public record Clocks(InstantSource time, MonotonicClock monotonic) {}

    /**
     * @param queueMax lines that may wait
     * @param member the id of this member in hexadecimal, known once the first call comes
     */
    public AuditTrail(AuditChoice choice, AuditSink sink, int queueMax, Supplier<String> member, Clocks clocks) {
        this.choice = choice;
        this.on = !choice.equals(AuditChoice.NONE);
        this.sink = sink;
        this.member = member;
        this.time = clocks.time();
        this.queue = new ArrayBlockingQueue<>(queueMax);
        this.reports = new Throttle(REPORT_EVERY, clocks.monotonic());
    }

    /** One that no call is in. */
    public static AuditTrail off() {
        return new AuditTrail(
                AuditChoice.NONE,
                new OutputSink(OutputStream.nullOutputStream()),
                1,
                () -> "",
                new Clocks(InstantSource.system(), MonotonicClock.SYSTEM));
    }

    /** Registers how many lines there were. */
    public void register(Meters meters) {
        meters.counter("quorate_audit_lines_total", "Lines of the audit trail that were written.", written::sum);
        meters.counter(
                "quorate_audit_dropped_total",
                "Lines of the audit trail that were lost because too many waited or they could not be written.",
                () -> full.sum() + failed.sum());
        meters.gauge("quorate_audit_waiting", "Lines of the audit trail that wait to be written.", queue::size);
    }

    /** Lets what is added wake the thread. */
    public void attach(AgentThread own) {
        waker.attach(own);
    }

    /** Whether any call can be in it. */
    public boolean isOn() {
        return on;
    }

    /** Whether such a call shall be added; asked before a record is made. */
    public boolean wants(AuditRecord.Kind kind, boolean refused) {
        return choice.includes(kind, refused);
    }

    /** Adds a call that has ended now. */
    public void add(AuditRecord record) {
        if (queue.offer(new Waiting(time.instant(), record))) {
            waker.wake();
        } else {
            full.increment();
            report("because too many waited", null);
        }
    }

    @Override
    public String name() {
        return "audit";
    }

    @Override
    public long doWork() {
        StringBuilder lines = new StringBuilder();
        int count = 0;
        Waiting next;
        while (lines.length() < BATCH_CHARS && (next = queue.poll()) != null) {
            AuditLine.append(lines, next.time(), member.get(), next.record());
            count++;
        }
        if (count > 0) {
            write(lines.toString(), count);
        }
        return queue.isEmpty() ? UNTIL_WOKEN : 0;
    }

    private void write(String lines, int count) {
        try {
            sink.write(lines.getBytes(StandardCharsets.UTF_8));
            written.add(count);
        } catch (IOException e) {
            failed.add(count);
            report("because they could not be written", e);
        }
    }

    private void report(String why, @Nullable IOException cause) {
        long more = reports.admit();
        if (more != Throttle.HELD_BACK) {
            log.warn(
                    "lines of the audit trail were lost {}{}; {} since the start",
                    why,
                    cause == null ? "" : ": " + cause,
                    full.sum() + failed.sum());
        }
    }

    /** Writes what waits. */
    @Override
    public void onStop() {
        long rest;
        do {
            rest = doWork();
        } while (rest == 0);
        try {
            sink.close();
        } catch (IOException e) {
            log.warn("the audit trail could not be closed: {}", e.toString());
        }
    }
}
