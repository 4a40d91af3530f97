package io.quorate.api.port;

import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.quorate.base.Stages;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The request of one {@link UnaryCall}: accounts for what messages hold until the call is over.
 *
 * <p>A message that is not small has to ask for room for the whole of it when a part has come; until it is granted the
 * client's window for the stream stays as it is, and the client waits. Used by the event loop only.
 */
final class UnaryRequest extends MessageReader {

    /** A message of so many bytes asks, once half of them have come: announcing one costs nobody anything. */
    private static final int SMALL_BYTES = MemoryBudget.SMALL_BYTES;

    /** A request exists twice: as it came, and as it goes into the log. */
    private static final int FORMS = 2;

    /**
     * A large one takes more: the collector keeps such arrays apart and leaves room beside each, and there is one on the way
     * to the disk, and one on the way to the store.
     */
    private static final int FORMS_OF_LARGE = 6;

    /** How far a window is opened at most for a message that has its room. */
    private static final int WINDOW_BYTES_MAX = 1024 * 1024;

    private final UnaryCall call;
    private final ConnectionCalls calls;
    private @Nullable CompletableFuture<Boolean> permit;
    private boolean permitted;
    private int withheldBytes;

    UnaryRequest(UnaryCall call, ConnectionCalls calls) {
        super(calls.memory(), calls.maxReceiveBytes(), call.packed);
        this.call = call;
        this.calls = calls;
    }

    @Override
    boolean isSettled() {
        return call.isSettled();
    }

    @Override
    void refuse(Status status) {
        call.refuse(status);
    }

    @Override
    void whole(ByteBuf input, int length) {
        if (holdWhole(length)) {
            call.message(input.nioBuffer(input.readerIndex(), length));
        }
    }

    private boolean holdWhole(int length) {
        return length <= UnaryCall.FREE_BYTES || holdInAll(cost(length));
    }

    private static long cost(int length) {
        return (long) length * (length > SMALL_BYTES ? FORMS_OF_LARGE : FORMS);
    }

    @Override
    void complete(PartialMessage part) {
        if (permitted || holdWhole(part.length())) {
            giveUpWaiting();
            call.message(part.body());
        }
    }

    @Override
    boolean mayTake(PartialMessage part, int more) {
        if (permitted) {
            return true;
        }
        if (!holdInAll(part.capacityFor(more))) {
            return false;
        }
        if (permit == null && part.length() > SMALL_BYTES && part.bodyBytes() + more > SMALL_BYTES / 2) {
            ask(part.length());
        }
        if (!permitted && permit != null) {
            withheldBytes += more;
            calls.moveWindow(call.streamId(), -more);
        }
        return true;
    }

    @Override
    boolean mayUnpack(int bytes) {
        return bytes <= UnaryCall.FREE_BYTES || holdInAll(bytes);
    }

    @Override
    void unpacked(byte[] body) {
        giveUpWaiting();
        if (holdWhole(body.length)) {
            call.message(body);
        }
    }

    private void ask(int length) {
        long lacking = cost(length) - heldBytes();
        if (calls.memory().tryHold(lacking)) {
            granted(lacking, length);
            return;
        }
        CompletableFuture<Boolean> asked = calls.memory().await(lacking);
        permit = asked;
        Stages.whenDone(
                "waiting for memory",
                asked,
                (granted, failure) -> calls.later(() -> decided(granted, lacking, length)));
    }

    private void decided(boolean granted, long bytes, int length) {
        if (call.isSettled() || !isPartial()) { // it did without, or ended
            if (granted) {
                calls.memory().release(bytes);
            }
        } else if (granted) {
            granted(bytes, length);
            calls.flush();
        } else {
            calls.memory().refused();
            exhausted();
        }
    }

    private void granted(long bytes, int length) {
        permitted = true;
        held(bytes);
        calls.moveWindow(call.streamId(), withheldBytes + Math.min(length, WINDOW_BYTES_MAX));
        call.watchProgress();
    }

    @Override
    void exhausted() {
        call.refuse(UnaryCall.EXHAUSTED);
    }

    private void giveUpWaiting() {
        if (permit != null) {
            permit.complete(false);
        }
    }

    /** The call is over: nothing is held any more. */
    void release() {
        giveUpWaiting();
        forget();
        long held = takeHeld();
        if (held > 0) {
            calls.memory().release(held);
        }
    }
}
