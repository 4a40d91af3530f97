package io.quorate.api.port;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one {@link DirectStream}: takes length-prefixed messages from DATA frames, in whatever pieces they come. What has come of
 * a message that is not complete is accounted for, and what waits until the service wants it. Used by the event loop only.
 */
final class StreamRequests {

    private final DirectStream call;
    private final MemoryBudget memory;
    private final Parser<? extends Message> parser;
    private final int bytesMax;
    private @Nullable PartialMessage partial;
    private long partialHeld;
    private long waitingHeld;

    StreamRequests(DirectStream call, MemoryBudget memory, Parser<? extends Message> parser, int bytesMax) {
        this.call = call;
        this.memory = memory;
        this.parser = parser;
        this.bytesMax = bytesMax;
    }

    void data(ByteBuf input) {
        while (input.isReadable() && !call.isOver()) {
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
        ByteBuffer body = input.nioBuffer(input.readerIndex(), length);
        input.skipBytes(length);
        deliver(body, length);
        return true;
    }

    private boolean admits(byte flags, int length) {
        Status refusal = DirectRequest.refusal(flags, length, bytesMax);
        if (refusal != null) {
            call.refuse(refusal);
        }
        return refusal == null;
    }

    private void gather(PartialMessage part, ByteBuf input) {
        if (!part.hasPrefix() && (!part.takePrefix(input) || !admits(part.flags(), part.length()))) {
            return;
        }
        int more = Math.min(part.missing(), input.readableBytes());
        long lacking = Math.max(0, part.capacityFor(more) - partialHeld);
        if (!memory.holdSmall(lacking)) {
            memory.refused();
            call.resetAs(DirectCall.EXHAUSTED, Http2Error.ENHANCE_YOUR_CALM);
            return;
        }
        partialHeld += lacking;
        part.takeBody(input);
        if (part.missing() == 0) {
            partial = null;
            waitingHeld += partialHeld;
            partialHeld = 0;
            deliver(ByteBuffer.wrap(part.body(), 0, part.length()), part.length());
        }
    }

    private void deliver(ByteBuffer encoded, int length) {
        try {
            call.request(parser.parseFrom(encoded), length);
        } catch (InvalidProtocolBufferException malformed) {
            call.refuse(DirectCall.UNREADABLE);
        }
    }

    /** Whether a message has begun and is not complete. */
    boolean isPartial() {
        return partial != null;
    }

    /** The service has all requests that were complete. */
    void taken() {
        memory.release(waitingHeld);
        waitingHeld = 0;
    }

    /** The call is over: nothing is held any more. */
    void release() {
        taken();
        memory.release(partialHeld);
        partialHeld = 0;
        partial = null;
    }
}
