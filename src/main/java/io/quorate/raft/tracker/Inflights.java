package io.quorate.raft.tracker;

import java.util.Arrays;

/**
 * The window of append messages that a peer has not acknowledged yet, limited by count and by bytes. Each message is
 * known by the index of its last entry. A ring that grows with use, since the limits may be far above what is needed.
 *
 * <p>One thread at a time: the owner of the {@link io.quorate.raft.RawNode}.
 */
public final class Inflights {

    private static final int INITIAL_CAPACITY = 16;

    private final int messagesMax;
    private final long bytesMax;

    /**
     * The last index of each message in flight, as a ring: the {@code i}-th is at {@code (start + i) % length}.
     * Ascending.
     */
    private long[] lastIndexes = new long[0];

    /** The bytes of each message in flight, in the slots of {@link #lastIndexes}. Of the same length. */
    private long[] sizes = new long[0];

    /** The slot of the oldest message in flight. */
    private int start;

    /** The number of messages in flight. Invariant: {@code 0 <= count <= min(messagesMax, lastIndexes.length)}. */
    private int count;

    /** The sum of {@link #sizes} over the messages in flight; 0 when there are none. */
    private long bytes;

    /**
     * An empty window.
     *
     * @param messagesMax how many messages may be in flight, at least 1
     * @param bytesMax how many bytes of entries may be in flight before nothing more is sent; 0 for no limit
     */
    public Inflights(int messagesMax, long bytesMax) {
        this.messagesMax = messagesMax;
        this.bytesMax = bytesMax;
    }

    /** Adds a message that was sent; indexes must ascend. */
    public void add(long lastIndex, long size) {
        if (isFull()) {
            throw new IllegalStateException("window is full: " + count + " messages, " + bytes + " bytes");
        }
        if (count == lastIndexes.length) {
            grow();
        }
        int slot = slot(count);
        lastIndexes[slot] = lastIndex;
        sizes[slot] = size;
        count++;
        bytes += size;
    }

    private void grow() {
        int capacity = Math.max(INITIAL_CAPACITY, lastIndexes.length * 2);
        long[] largerIndexes = Arrays.copyOf(lastIndexes, capacity);
        long[] largerSizes = Arrays.copyOf(sizes, capacity);
        for (int i = 0; i < count; i++) {
            largerIndexes[i] = lastIndexes[slot(i)];
            largerSizes[i] = sizes[slot(i)];
        }
        lastIndexes = largerIndexes;
        sizes = largerSizes;
        start = 0;
    }

    private int slot(int position) {
        int slot = start + position;
        return slot < lastIndexes.length ? slot : slot - lastIndexes.length;
    }

    /** Forgets every message whose last entry is at or below the index. */
    public void freeThrough(long index) {
        while (count > 0 && lastIndexes[start] <= index) {
            bytes -= sizes[start];
            start = slot(1);
            count--;
        }
    }

    /** Forgets everything. */
    public void clear() {
        start = 0;
        count = 0;
        bytes = 0;
    }

    /** Whether nothing more may be sent; the last message may overshoot the byte limit. */
    public boolean isFull() {
        return count >= messagesMax || (bytesMax != 0 && bytes >= bytesMax);
    }

    public int count() {
        return count;
    }

    public long bytes() {
        return bytes;
    }
}
