package io.quorate.api.port;

import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.quorate.base.Stages;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The request of one {@link DirectCall}: takes length-prefixed messages from DATA frames, in whatever pieces they come, and
 * accounts for what they hold until the call is over.
 *
 * <p>A message that is not small has to ask for room for the whole of it when a part has come; until it is granted the
 * client's window for the stream stays as it is, and the client waits. Used by the event loop only.
 */
final class DirectRequest {

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

    private static final int COMPRESSED = 1;

    private final DirectCall call;
    private final DirectCalls calls;
    private @Nullable PartialMessage partial;
    private @Nullable CompletableFuture<Boolean> permit;
    private boolean permitted;
    private int withheldBytes;
    private long heldBytes;

    DirectRequest(DirectCall call, DirectCalls calls) {
        this.call = call;
        this.calls = calls;
    }

    /** Takes in what came; the buffer stays the caller's. */
    void data(ByteBuf input) {
        while (input.isReadable() && !call.isSettled()) {
            PartialMessage known = partial;
            if (known != null) {
                gather(known, input);
            } else if (!takeWhole(input)) {
                partial = new PartialMessage();
            }
        }
    }

    /** Takes a message that has come in one go, as most do. */
    private boolean takeWhole(ByteBuf input) {
        if (input.readableBytes() < PartialMessage.PREFIX_BYTES) {
            return false;
        }
        int length = input.getInt(input.readerIndex() + 1);
        if (!admits(input.getByte(input.readerIndex()), length)) {
            return true;
        }
        if (input.readableBytes() - PartialMessage.PREFIX_BYTES < length) {
            return false;
        }
        input.skipBytes(PartialMessage.PREFIX_BYTES);
        if (holdWhole(length)) {
            call.message(input.nioBuffer(input.readerIndex(), length));
            input.skipBytes(length);
        }
        return true;
    }

    private boolean admits(byte flags, int length) {
        Status refusal = refusal(flags, length, calls.maxReceiveBytes());
        if (refusal != null) {
            call.refuse(refusal);
        }
        return refusal == null;
    }

    /** What is wrong with a message that begins so; null if nothing is. */
    static @Nullable Status refusal(byte flags, int length, int bytesMax) {
        if ((flags & ~COMPRESSED) != 0) {
            return Status.INTERNAL.withDescription("grpc: received unexpected payload format " + (flags & 0xFF));
        }
        if (flags == COMPRESSED) {
            return Status.INTERNAL.withDescription("grpc: compressed flag set with identity or empty encoding");
        }
        if (length < 0 || length > bytesMax) {
            return Status.RESOURCE_EXHAUSTED.withDescription("grpc: received message larger than max ("
                    + Integer.toUnsignedString(length) + " vs. " + bytesMax + ")");
        }
        return null;
    }

    private boolean holdWhole(int length) {
        long lacking = length > DirectCall.FREE_BYTES ? cost(length) - heldBytes : 0;
        if (lacking > 0 && !calls.memory().holdSmall(lacking)) {
            exhausted();
            return false;
        }
        heldBytes += lacking;
        return true;
    }

    private static long cost(int length) {
        return (long) length * (length > SMALL_BYTES ? FORMS_OF_LARGE : FORMS);
    }

    private void gather(PartialMessage part, ByteBuf input) {
        if (!part.hasPrefix() && (!part.takePrefix(input) || !admits(part.flags(), part.length()))) {
            return;
        }
        if (!mayTake(part, Math.min(part.missing(), input.readableBytes()))) {
            return;
        }
        part.takeBody(input);
        if (part.missing() == 0) {
            partial = null;
            if (permitted || holdWhole(part.length())) {
                giveUpWaiting();
                call.message(part.body());
            }
        }
    }

    private boolean mayTake(PartialMessage part, int more) {
        if (permitted) {
            return true;
        }
        long lacking = Math.max(0, part.capacityFor(more) - heldBytes);
        if (!calls.memory().holdSmall(lacking)) {
            exhausted();
            return false;
        }
        heldBytes += lacking;
        if (permit == null && part.length() > SMALL_BYTES && part.bodyBytes() + more > SMALL_BYTES / 2) {
            ask(part.length());
        }
        if (!permitted && permit != null) {
            withheldBytes += more;
            calls.moveWindow(call.streamId(), -more);
        }
        return true;
    }

    private void ask(int length) {
        long lacking = cost(length) - heldBytes;
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
        if (call.isSettled() || partial == null) { // it did without, or ended
            if (granted) {
                calls.memory().release(bytes);
            }
        } else if (granted) {
            granted(bytes, length);
            calls.flush();
        } else {
            exhausted();
        }
    }

    private void granted(long bytes, int length) {
        permitted = true;
        heldBytes += bytes;
        calls.moveWindow(call.streamId(), withheldBytes + Math.min(length, WINDOW_BYTES_MAX));
        call.watchProgress();
    }

    private void exhausted() {
        calls.memory().refused();
        call.refuse(DirectCall.EXHAUSTED);
    }

    /** Whether a message has begun and is not complete. */
    boolean isPartial() {
        return partial != null;
    }

    /** How much of that message has come. */
    int partialBytes() {
        PartialMessage known = partial;
        return known == null ? 0 : known.bodyBytes();
    }

    private void giveUpWaiting() {
        if (permit != null) {
            permit.complete(false);
        }
    }

    /** The call is over: nothing is held any more. */
    void release() {
        giveUpWaiting();
        partial = null;
        if (heldBytes > 0) {
            calls.memory().release(heldBytes);
            heldBytes = 0;
        }
    }
}
