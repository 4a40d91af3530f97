package io.quorate.api.grpc;

import com.google.protobuf.Message;
import io.quorate.api.port.StreamedAnswer;
import io.quorate.mvcc.OpenRange;
import io.quorate.proto.RangeResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The response to a large range: its header, the records as they come from the store, and then whether there are more and the count. So it is
 * the same, byte for byte, as the response that holds them.
 */
final class StreamedRange implements StreamedAnswer {

    /** A list of 150 MB is over in two and a half hours, or its client loses it. */
    private static final Pace PACE = new Pace(Duration.ofMinutes(1), 1 << 20);

    private final OpenRange range;
    private final byte[] head;
    private final byte[] tail;
    private final Executor reader;
    private final Runnable whenClosed;
    private final AtomicBoolean closed = new AtomicBoolean();
    private int headSent;
    private int tailSent;
    private long recordsLeft;

    /**
     * @param head a response with the header alone
     * @param reader has threads on which reading may take its time
     * @param whenClosed run once
     */
    StreamedRange(OpenRange range, Message head, Executor reader, Runnable whenClosed) {
        this.range = range;
        this.head = head.toByteArray();
        this.tail = RangeResponse.newBuilder()
                .setMore(range.more())
                .setCount(range.count())
                .build()
                .toByteArray();
        this.reader = reader;
        this.whenClosed = whenClosed;
        this.recordsLeft = range.size().bytes();
    }

    @Override
    public long bytes() {
        return head.length + range.size().bytes() + tail.length;
    }

    @Override
    public void read(ByteBuffer target) {
        headSent += append(head, headSent, target);
        if (recordsLeft > 0 && target.hasRemaining()) {
            int before = target.remaining();
            range.read(target);
            recordsLeft -= before - target.remaining();
        }
        if (recordsLeft == 0) {
            tailSent += append(tail, tailSent, target);
        }
    }

    private static int append(byte[] bytes, int from, ByteBuffer target) {
        int length = Math.min(bytes.length - from, target.remaining());
        target.put(bytes, from, length);
        return length;
    }

    @Override
    public Executor reader() {
        return reader;
    }

    @Override
    public Pace pace() {
        return PACE;
    }

    /** The view is given back also when no event loop is left to say so. */
    @Override
    public void whenRevoked(Runnable action) {
        range.whenRevoked(() -> {
            action.run();
            reader.execute(this::close);
        });
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            range.close();
            whenClosed.run();
        }
    }
}
