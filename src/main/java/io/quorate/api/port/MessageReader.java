package io.quorate.api.port;

import io.grpc.Status;
import io.grpc.StatusException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

/**
 * Takes length-prefixed messages from DATA frames, in whatever pieces they come. What may be held of them is for the kind of call to say.
 * Used by the event loop only.
 */
abstract class MessageReader {

    private static final int PACKED = 1;

    private final int bytesMax;
    private final boolean packed;
    private final MemoryBudget memory;
    private @Nullable PartialMessage partial;
    private long heldBytes;

    /**
     * @param memory accounts for what is held of messages
     * @param bytesMax of one message
     * @param packed whether messages may be packed by gzip
     */
    MessageReader(MemoryBudget memory, int bytesMax, boolean packed) {
        this.memory = memory;
        this.bytesMax = bytesMax;
        this.packed = packed;
    }

    /** Whether nothing more of the request is wanted. */
    abstract boolean isSettled();

    /** A message is none that is taken. */
    abstract void refuse(Status status);

    /**
     * A message has come in one go.
     *
     * @param input begins with its body, and is the caller's to move on
     */
    abstract void whole(ByteBuf input, int length);

    /** More of the body of a message has come: whether it may be held. */
    abstract boolean mayTake(PartialMessage part, int more);

    /** The last part has come. */
    abstract void complete(PartialMessage part);

    /** A message is being unpacked: whether so many bytes may be held for it in all. */
    abstract boolean mayUnpack(int bytes);

    /** There is no memory for the request. */
    abstract void exhausted();

    /** A message came packed; this is what was in it. */
    abstract void unpacked(byte[] body);

    /** Takes in what came; the buffer stays the caller's. */
    final void data(ByteBuf input) {
        while (input.isReadable() && !isSettled()) {
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
        byte flags = input.getByte(input.readerIndex());
        int length = input.getInt(input.readerIndex() + 1);
        if (!admits(flags, length)) {
            return true;
        }
        if (input.readableBytes() - PartialMessage.PREFIX_BYTES < length) {
            return false;
        }
        input.skipBytes(PartialMessage.PREFIX_BYTES);
        int end = input.readerIndex() + length;
        if (flags == PACKED) {
            unpack(ByteBufUtil.getBytes(input, input.readerIndex(), length));
        } else {
            whole(input, length);
        }
        input.readerIndex(end);
        return true;
    }

    private boolean admits(byte flags, int length) {
        if ((flags & ~PACKED) != 0) {
            refuse(Status.INTERNAL.withDescription("grpc: received unexpected payload format " + (flags & 0xFF)));
        } else if (flags == PACKED && !packed) {
            refuse(Status.INTERNAL.withDescription("grpc: compressed flag set with identity or empty encoding"));
        } else if (length < 0 || length > bytesMax) {
            refuse(Status.RESOURCE_EXHAUSTED.withDescription("grpc: received message larger than max ("
                    + Integer.toUnsignedString(length) + " vs. " + bytesMax + ")"));
        } else {
            return true;
        }
        return false;
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
            if (part.flags() == PACKED) {
                unpack(part.body());
            } else {
                complete(part);
            }
        }
    }

    private void unpack(byte[] body) {
        try {
            byte[] message = PackedMessage.unpack(body, bytesMax, more -> mayUnpack(body.length + more));
            if (message != null) {
                unpacked(message);
            }
        } catch (StatusException malformed) {
            refuse(malformed.getStatus());
        }
    }

    /** Holds more, until it is so much in all; whether there is room for it. */
    final boolean holdInAll(long bytes) {
        long lacking = bytes - heldBytes;
        if (lacking > 0 && !memory.holdSmall(lacking)) {
            memory.refused();
            exhausted();
            return false;
        }
        heldBytes += Math.max(0, lacking);
        return true;
    }

    /** What is held so far, in bytes. */
    final long heldBytes() {
        return heldBytes;
    }

    /** Takes over what is held already. */
    final void held(long bytes) {
        heldBytes += bytes;
    }

    /** Hands over what is held: it is the caller's to release. */
    final long takeHeld() {
        long bytes = heldBytes;
        heldBytes = 0;
        return bytes;
    }

    /** Whether a message has begun and is not complete. */
    final boolean isPartial() {
        return partial != null;
    }

    /** That message; null if there is none. */
    final @Nullable Object unfinished() {
        return partial;
    }

    /** How much of that message has come. */
    final int partialBytes() {
        PartialMessage known = partial;
        return known == null ? 0 : known.bodyBytes();
    }

    /** Nothing more is read. */
    final void forget() {
        partial = null;
    }
}
