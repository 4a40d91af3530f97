package io.quorate.api.port;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;

/**
 * Sends the large answers of one connection, in turns and by pieces: the next piece is made when the one before it has left
 * and the client's window is open. So a client that does not read costs the buffer of a piece or two, however many answers
 * it has asked for. Used by the event loop only.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty tells of failed writes through the pipeline
final class AnswerPump {

    private static final int PIECE_BYTES = 64 * 1024;
    private static final int UNSENT_BYTES_MAX = 2 * PIECE_BYTES;

    /** When many connections hold buffers. */
    private static final int SMALL_PIECE_BYTES = 8 * 1024;

    private final ConnectionCalls calls;
    private final MemoryBudget buffers;
    private final ArrayDeque<UnaryCall> turns = new ArrayDeque<>();
    private int unsentBytes;
    private boolean scheduled;

    AnswerPump(ConnectionCalls calls, MemoryBudget buffers) {
        this.calls = calls;
        this.buffers = buffers;
    }

    /** Takes a call in that has something to send; {@link #run} must follow. */
    void add(UnaryCall call) {
        turns.add(call);
    }

    /** Sends as much as may leave now; the caller flushes. */
    void run() {
        boolean tight = buffers.heldBytes() > buffers.limitBytes();
        int pieceBytes = tight ? SMALL_PIECE_BYTES : PIECE_BYTES;
        int unsentMax = tight ? SMALL_PIECE_BYTES : UNSENT_BYTES_MAX;
        while (unsentBytes < unsentMax) {
            UnaryCall call = turns.poll();
            if (call == null) {
                return;
            }
            int window = call.isOver() ? 0 : calls.window(call.streamId());
            if (window <= 0) {
                call.awaitWindow();
            } else if (call.hasPiece()) {
                write(call, Math.min(window, pieceBytes));
            } else {
                call.awaitPiece();
            }
        }
    }

    private void write(UnaryCall call, int most) {
        ByteBuf piece;
        try {
            piece = call.nextPiece(most);
        } catch (RuntimeException | Error e) { // the client hears of it, the others are served on
            call.breakOff(e);
            return;
        }
        int bytes = piece.readableBytes();
        unsentBytes += bytes;
        buffers.hold(bytes);
        calls.writeData(call.streamId(), piece).addListener(done -> left(bytes));
        if (!call.endIfSent()) {
            turns.add(call);
        }
    }

    private void left(int bytes) {
        unsentBytes -= bytes;
        buffers.release(bytes);
        if (!scheduled && !turns.isEmpty()) {
            scheduled = true;
            calls.later(this::goOn);
        }
    }

    private void goOn() {
        scheduled = false;
        run();
        calls.flush();
    }
}
