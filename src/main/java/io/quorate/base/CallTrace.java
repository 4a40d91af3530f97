package io.quorate.base;

import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The way of one call through the member: what it asks for, the id by which it can be followed, and when it reached which
 * step. Every call of a client has one; it is read only when a line about the call is written.
 *
 * <p>A step is marked by the thread that has the call at that moment, and the call moves on to the next thread through a
 * queue, so the thread that answers the call sees all earlier marks. A call that is ended from outside, by its deadline for
 * example, may miss the newest mark.
 */
public final class CallTrace {

    /** Steps in the order of a call's way; a write takes the first four, a linearizable read the others. */
    public enum Step {
        /** The request is complete. */
        RECEIVED,
        /** The proposal is with the node. */
        PROPOSED,
        /** This member knows that the entry is committed. */
        COMMITTED,
        /** The entry is applied and its write is visible. */
        APPLIED,
        /** The state holds all that was committed before the read. */
        CONFIRMED,
        /** A thread of the read pool begins to read; the last time if the read started over. */
        READING,
        /** The answer is made. */
        READ
    }

    private static final Step[] STEPS = Step.values();
    private static final double NANOS_PER_MILLI = 1e6;

    /** Stands for the work that no client asked for; keeps nothing. */
    public static final CallTrace NONE = new CallTrace(() -> 0);

    private static final ThreadLocal<CallTrace> CURRENT = ThreadLocal.withInitial(() -> NONE);

    private final MonotonicClock clock;
    private final long begun;
    private final long[] reached = new long[STEPS.length];
    private int marks;
    private long id;
    private Object subject = "";

    /** Begins now. */
    public CallTrace(MonotonicClock clock) {
        this.clock = clock;
        this.begun = clock.nanos();
    }

    /** The call that this thread works for; {@link #NONE} if it is none. */
    public static CallTrace current() {
        return CURRENT.get();
    }

    /**
     * Makes this the call that the thread works for.
     *
     * @return the one before, to be entered again afterwards
     */
    public CallTrace enter() {
        CallTrace before = CURRENT.get();
        CURRENT.set(this);
        return before;
    }

    /** Sets what the call asks for: a request that is kept until the call ends, or a text. */
    public void subject(Object request) {
        if (this != NONE) {
            subject = request;
        }
    }

    /** What the call asks for; an empty text if it is unknown. */
    public Object subject() {
        return subject;
    }

    /** Sets the id under which the request goes into the log of all members. */
    public void requestId(long request) {
        if (this != NONE) {
            id = request;
        }
    }

    /** The id of the request in the log, or else one of its own; 16 hexadecimal digits. */
    public String id() {
        if (id == 0) {
            requestId(ThreadLocalRandom.current().nextLong());
        }
        return hex(id);
    }

    /** How ids of requests are written in lines of the log. */
    public static String hex(long id) {
        return HexFormat.of().toHexDigits(id);
    }

    /** The call reaches a step now. */
    public void reach(Step step) {
        reach(step, clock.nanos());
    }

    /** The call reached a step at that time of the monotonic clock. */
    public void reach(Step step, long nanos) {
        if (this != NONE) {
            reached[step.ordinal()] = nanos;
            marks |= 1 << step.ordinal();
        }
    }

    /** Nanoseconds from the begin of the call until a time. */
    public long nanosUntil(long end) {
        return end - begun;
    }

    /** Sees the steps of a call. */
    @FunctionalInterface
    public interface StepVisitor {

        /**
         * Sees one.
         *
         * @param name in lower case; the last one is {@code answered}
         * @param from nanoseconds since the begin of the call
         * @param to likewise, when it was reached
         */
        void step(String name, long from, long to);
    }

    /** Shows the steps that the call reached, in their order, up to its end. */
    public void visit(long end, StepVisitor visitor) {
        long before = begun;
        for (Step step : STEPS) {
            if ((marks & 1 << step.ordinal()) != 0) {
                long at = reached[step.ordinal()];
                visitor.step(step.name().toLowerCase(Locale.ROOT), before - begun, at - begun);
                before = at;
            }
        }
        visitor.step("answered", before - begun, end - begun);
    }

    /**
     * The time that each step took, in milliseconds, up to the end of the call.
     *
     * @return for example {@code received 0.1, proposed 0.2, committed 310.0, applied 0.5, answered 0.1}
     */
    public String steps(long end) {
        StringBuilder text = new StringBuilder();
        visit(end, (step, from, to) -> append(text, step, to - from));
        return text.toString();
    }

    private static void append(StringBuilder text, String step, long nanos) {
        text.append(text.isEmpty() ? "" : ", ")
                .append(step)
                .append(' ')
                .append(Math.round(nanos / NANOS_PER_MILLI * 10) / 10.0);
    }
}
