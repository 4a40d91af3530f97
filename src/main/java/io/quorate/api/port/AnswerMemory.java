package io.quorate.api.port;

import org.jspecify.annotations.Nullable;

/**
 * The room that the answer to one read needs, asked for while the answer is being made. The code that makes it tells of every
 * record; when there is no room for the next one it has to stop, let go of what it has, wait and begin again.
 *
 * <p>While {@link #offer} runs, the call that is answered on the same thread takes the room over and keeps it until the
 * answer has left. One thread.
 */
public final class AnswerMemory implements AutoCloseable {

    /** Asked for at a time. */
    private static final long STEP_BYTES = 256 * 1024;

    private static final ThreadLocal<@Nullable AnswerMemory> OFFERED = new ThreadLocal<>();

    private final MemoryBudget budget;
    private long heldBytes;
    private long usedBytes;

    /** There is no room for what is being made. */
    public static final class NoRoomException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        NoRoomException() {
            super("no room for an answer", null, false, false);
        }
    }

    /** @param heldBytes what has been granted for it already */
    public AnswerMemory(MemoryBudget budget, long heldBytes) {
        this.budget = budget;
        this.heldBytes = heldBytes;
    }

    /**
     * So many more bytes are needed. What a small answer needs is not asked for piece by piece.
     *
     * @throws NoRoomException when there is no room for them
     */
    public void add(long bytes) {
        if (!tryAdd(bytes)) {
            throw new NoRoomException();
        }
    }

    /** The same; says whether there is room for them. */
    public boolean tryAdd(long bytes) {
        usedBytes += bytes;
        long lacking = usedBytes - heldBytes;
        if (usedBytes > MemoryBudget.SMALL_BYTES && lacking > 0) {
            long step = Math.max(STEP_BYTES, lacking);
            if (!(heldBytes == 0 ? budget.tryHold(step) : budget.extend(step))) {
                return false;
            }
            heldBytes += step;
        }
        return true;
    }

    /**
     * The answer is made and has this size.
     *
     * @throws NoRoomException when it is small and not even the reserve has room for it
     */
    public void settle(long bytes) {
        usedBytes = Math.max(usedBytes, bytes);
        if (heldBytes == 0 && bytes > UnaryCall.FREE_BYTES) {
            if (!budget.holdSmall(bytes)) {
                throw new NoRoomException();
            }
            heldBytes = bytes;
        }
    }

    /** What has been asked for so far, whether there was room for it or not. */
    public long usedBytes() {
        return usedBytes;
    }

    /** Runs what answers, on this thread. */
    public void offer(Runnable answering) {
        OFFERED.set(this);
        try {
            answering.run();
        } finally {
            OFFERED.remove();
        }
    }

    /** Holds the bytes of an answer in a budget: those of the room offered on this thread, or as many as it is long. */
    public static long take(MemoryBudget budget, long answerBytes) {
        AnswerMemory room = OFFERED.get();
        if (room != null && room.budget == budget && room.heldBytes >= answerBytes) {
            long taken = room.heldBytes;
            room.heldBytes = 0;
            return taken;
        }
        budget.hold(answerBytes);
        return answerBytes;
    }

    /** Gives back what nobody took over. */
    @Override
    public void close() {
        if (heldBytes > 0) {
            budget.release(heldBytes);
            heldBytes = 0;
        }
    }
}
