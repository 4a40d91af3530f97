package io.quorate.api.port;

import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import io.quorate.base.RequestException;
import io.quorate.base.Stages;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A {@link StreamedAnswer} on its way: a slice that leaves piece by piece, and the next, which is read meanwhile. A client that does not
 * read costs these two, which the account of buffers has.
 *
 * <p>Used by the event loop, except for {@link #fill}, which is on a thread of the answer, for one slice at a time.
 */
final class AnswerSlices {

    /** What clients hear when the member stops; in etcd's words. */
    private static final Status STOPPED = Status.UNAVAILABLE.withDescription("etcdserver: server stopped");

    private static final int SLICE_BYTES = 256 * 1024;
    private static final int SLICES_MAX = 2;

    /** When many connections hold buffers; then one at a time. */
    private static final int SMALL_SLICE_BYTES = 32 * 1024;

    private final UnaryCall call;
    private final ConnectionCalls calls;
    private final StreamedAnswer answer;
    private final ArrayDeque<ByteBuf> slices = new ArrayDeque<>(SLICES_MAX);
    private long left;
    private long unread;
    private boolean reading;
    private boolean closed;
    private @Nullable Future<?> paceCheck;

    AnswerSlices(UnaryCall call, ConnectionCalls calls, StreamedAnswer answer) {
        this.call = call;
        this.calls = calls;
        this.answer = answer;
        this.unread = answer.bytes();
        this.left = ServedCall.PREFIX_BYTES + unread;
        if (unread > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("gRPC has no message of " + unread + " bytes");
        }
    }

    /** Begins to read; the call is told of each slice. */
    void start() {
        answer.whenRevoked(() -> later(this::revoked));
        readOn();
        watchPace();
    }

    private void revoked() {
        call.cutOff(STOPPED, Http2Error.INTERNAL_ERROR);
    }

    /** What is read is kept from others: a client that takes too little is cut off, whether others wait or not. */
    private void watchPace() {
        if (!closed) {
            long leftMax = left - answer.pace().bytes();
            paceCheck = calls.later(() -> checkPace(leftMax), answer.pace().period());
        }
    }

    private void checkPace(long leftMax) {
        if (left <= leftMax) {
            watchPace();
        } else if (!closed) {
            calls.buffers().refused();
            call.cutOff(ServedCall.EXHAUSTED, Http2Error.ENHANCE_YOUR_CALM);
        }
    }

    /** Bytes that are still to be handed out, with those that announce the message. */
    long left() {
        return left;
    }

    /** How long the message is. */
    int messageBytes() {
        return (int) answer.bytes();
    }

    /** Whether there is a piece now. */
    boolean hasPiece() {
        return !slices.isEmpty();
    }

    /** The next piece, which shares the memory of its slice. */
    ByteBuf nextPiece(int most) {
        ByteBuf slice = slices.element();
        ByteBuf piece = slice.readRetainedSlice(Math.min(most, slice.readableBytes()));
        left -= piece.readableBytes();
        if (!slice.isReadable()) {
            drop(slices.remove());
        }
        readOn();
        return piece;
    }

    private void readOn() {
        boolean tight = calls.buffers().heldBytes() > calls.buffers().limitBytes();
        if (closed || reading || unread == 0 || slices.size() >= (tight ? 1 : SLICES_MAX)) {
            return;
        }
        boolean first = unread == answer.bytes();
        int head = first ? ServedCall.PREFIX_BYTES : 0;
        ByteBuf slice;
        try {
            slice = calls.allocate((int) Math.min(head + unread, tight ? SMALL_SLICE_BYTES : SLICE_BYTES));
        } catch (RuntimeException | Error e) { // what is in hand leaves first
            calls.later(() -> fail(e));
            return;
        }
        calls.buffers().hold(slice.capacity());
        if (first) {
            slice.writeByte(0).writeInt(messageBytes());
        }
        reading = true;
        answer.reader().execute(() -> fill(slice));
    }

    private void fill(ByteBuf slice) {
        int bytes = 0;
        Throwable failure = null;
        try {
            ByteBuffer target = slice.nioBuffer(slice.writerIndex(), slice.writableBytes());
            int start = target.position();
            answer.read(target);
            bytes = target.position() - start;
        } catch (RuntimeException | Error e) { // the client hears of it
            failure = e;
        }
        int read = bytes;
        Throwable problem = failure;
        if (!later(() -> filled(slice, read, problem))) {
            drop(slice);
            answer.close();
        }
    }

    private boolean later(Runnable action) {
        try {
            calls.later(action);
            return true;
        } catch (RejectedExecutionException stopped) { // the port is closed, and so are its calls
            return false;
        }
    }

    private void filled(ByteBuf slice, int bytes, @Nullable Throwable failure) {
        reading = false;
        if (closed) {
            drop(slice);
            closeAnswer();
        } else if (failure != null) {
            drop(slice);
            fail(failure);
        } else if (bytes == 0) {
            drop(slice);
            fail(new IllegalStateException("an answer ends " + unread + " bytes early"));
        } else {
            unread -= bytes;
            slices.add(slice.writerIndex(slice.writerIndex() + bytes));
            readOn();
            call.pieceReady();
        }
    }

    private void fail(Throwable failure) {
        if (failure instanceof RequestException) {
            revoked();
        } else {
            call.breakOff(failure);
            calls.flush();
        }
    }

    private void drop(ByteBuf slice) {
        calls.buffers().release(slice.capacity());
        slice.release();
    }

    /** Lets go of everything. Also by a service whose client has gone, if it was never started. */
    void close() {
        closed = true;
        if (paceCheck != null) {
            paceCheck.cancel(false);
        }
        slices.forEach(this::drop);
        slices.clear();
        if (!reading) {
            closeAnswer();
        }
    }

    private void closeAnswer() {
        answer.reader().execute(() -> {
            try {
                answer.close();
            } catch (RuntimeException | Error e) {
                Stages.report("closing an answer", e);
            }
        });
    }
}
