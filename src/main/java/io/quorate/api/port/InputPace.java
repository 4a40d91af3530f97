package io.quorate.api.port;

import io.grpc.Status;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The rule for what a client has begun to send on a connection, be it a frame, a message or a body: it must be whole within a minute, and a
 * second more for each KiB that the client sends meanwhile, an hour at most. A stream may be silent between its messages for as long as
 * it likes.
 *
 * <p>Time is counted in looks, 15 s apart, which are taken only while something is on its way. So a request costs no clock and no timer, and a
 * member that was held up does not blame its clients. What the member itself holds up has all of its time again.
 *
 * <p>Used by the event loop of its connection only.
 */
final class InputPace {

    static final Duration INTERVAL = Duration.ofSeconds(15);

    /** What clients of gRPC hear. */
    static final Status TOO_SLOW = Status.DEADLINE_EXCEEDED.withDescription(
            "the request is not whole: it must be within a minute, or come at 1 KiB a second");

    private static final int FREE_LOOKS = 4;
    private static final int BYTES_A_LOOK = 15 * 1024;
    private static final int LOOKS_MAX = 240;

    /** Something that is sent in pieces. */
    interface Input {

        /** What has begun and is not whole, equal for as long as it is the same; null if there is nothing. */
        @Nullable
        Object unfinished();

        /** Whether the client has to wait for the member. */
        boolean isHeldUp();

        /** Bytes that count, from the beginning of the connection. */
        long sentBytes();

        /** It took too long. */
        void stalled();
    }

    private record Mark(Object thing, long bytesBefore, int looks) {

        Mark further() {
            return new Mark(thing, bytesBefore, looks + 1);
        }

        boolean isOver(long bytes) {
            return looks >= Math.min(LOOKS_MAX, FREE_LOOKS + (bytes - bytesBefore) / BYTES_A_LOOK);
        }
    }

    private final List<Supplier<? extends Collection<? extends Input>>> sources = new ArrayList<>();
    private Map<Input, Mark> marks = Map.of();
    private @Nullable Future<?> next;
    private boolean begun;
    private long sentBytes;

    /** Looks after more of what the connection has. */
    void lookAfter(Supplier<? extends Collection<? extends Input>> inputs) {
        sources.add(inputs);
    }

    /** Something may have begun that is not whole. */
    void begun() {
        begun = true;
    }

    /** A part of a message or body came. */
    void came(int bytes) {
        sentBytes += bytes;
    }

    /** All parts of messages and bodies so far. */
    long sentBytes() {
        return sentBytes;
    }

    /** Whatever there was to read has been read. */
    void readComplete(ChannelHandlerContext ctx) {
        if (begun && next == null) {
            lookLater(ctx.executor());
        }
    }

    private void lookLater(EventExecutor loop) {
        next = loop.schedule(() -> look(loop), INTERVAL.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void look(EventExecutor loop) {
        next = null;
        begun = false;
        Map<Input, Mark> seen = new IdentityHashMap<>();
        List<Input> stalled = new ArrayList<>();
        sources.forEach(source -> source.get().forEach(input -> look(input, seen, stalled)));
        marks = seen;
        stalled.forEach(Input::stalled);
        if (!seen.isEmpty()) {
            lookLater(loop);
        }
    }

    private void look(Input input, Map<Input, Mark> seen, List<Input> stalled) {
        Object thing = input.unfinished();
        if (thing == null) {
            return;
        }
        Mark mark = mark(input, thing);
        if (mark.isOver(input.sentBytes())) {
            stalled.add(input);
        } else {
            seen.put(input, mark);
        }
    }

    private Mark mark(Input input, Object thing) {
        Mark known = marks.get(input);
        return known == null || input.isHeldUp() || !known.thing.equals(thing)
                ? new Mark(thing, input.sentBytes(), 0)
                : known.further();
    }

    /** The connection is closed. */
    void stop() {
        marks = Map.of();
        if (next != null) {
            next.cancel(false);
            next = null;
        }
    }
}
