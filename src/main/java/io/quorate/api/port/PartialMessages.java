package io.quorate.api.port;

import io.netty.buffer.ByteBuf;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;

/**
 * Accounts for the messages that gRPC's server gathers on the streams of one connection, by reading their lengths as they
 * pass. A message that is not complete is held, up to its last byte, and each piece of it takes some memory beside: a client that
 * sends bytes one by one pays for that. Used by the event loop only.
 */
final class PartialMessages {

    /** What keeps a piece: its array, the buffers around it, its place in a list. */
    private static final int PIECE_BYTES = 256;

    private final MemoryBudget memory;
    private final IntObjectMap<Progress> streams = new IntObjectHashMap<>();

    private static final class Progress {

        private final byte[] prefix = new byte[PartialMessage.PREFIX_BYTES];
        private int prefixBytes;
        private long missing;
        private long held;
    }

    PartialMessages(MemoryBudget memory) {
        this.memory = memory;
    }

    /** Takes note of data for a stream; says whether there is memory for it. */
    boolean take(int streamId, ByteBuf data) {
        Progress progress = streams.get(streamId);
        if (progress == null) {
            throw new IllegalStateException("data for stream " + streamId + ", which is not open");
        }
        int position = data.readerIndex();
        int end = data.writerIndex();
        int begun = position;
        while (position < end) {
            if (progress.prefixBytes < PartialMessage.PREFIX_BYTES) {
                progress.prefix[progress.prefixBytes++] = data.getByte(position++);
                if (progress.prefixBytes == PartialMessage.PREFIX_BYTES) {
                    progress.missing = length(progress.prefix);
                }
            } else {
                long taken = Math.min(progress.missing, end - position);
                progress.missing -= taken;
                position += (int) taken;
            }
            if (progress.prefixBytes == PartialMessage.PREFIX_BYTES && progress.missing == 0) { // the service has it
                progress.prefixBytes = 0;
                release(progress);
                begun = position;
            }
        }
        int more = end == begun ? 0 : end - begun + PIECE_BYTES;
        if (!memory.holdSmall(more)) {
            memory.refused();
            return false;
        }
        progress.held += more;
        return true;
    }

    private static long length(byte[] prefix) {
        return (prefix[1] & 0xFFL) << 24 | (prefix[2] & 0xFF) << 16 | (prefix[3] & 0xFF) << 8 | prefix[4] & 0xFF;
    }

    /** gRPC's server gets a stream. */
    void open(int streamId) {
        streams.put(streamId, new Progress());
    }

    /** Whether a stream is gRPC's server's. */
    boolean isOpen(int streamId) {
        return streams.containsKey(streamId);
    }

    /** A stream is closed. */
    void close(int streamId) {
        Progress progress = streams.remove(streamId);
        if (progress != null) {
            release(progress);
        }
    }

    private void release(Progress progress) {
        memory.release(progress.held);
        progress.held = 0;
    }
}
