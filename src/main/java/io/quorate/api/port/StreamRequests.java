package io.quorate.api.port;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import java.nio.ByteBuffer;

/**
 * The requests of one {@link StreamingCall}: what has come of a message that is not complete is accounted for, and what waits until the service wants it. Used by the event loop only.
 */
final class StreamRequests extends MessageReader {

    private final StreamingCall call;
    private final MemoryBudget memory;
    private final Parser<? extends Message> parser;
    private long waitingHeld;

    StreamRequests(StreamingCall call, MemoryBudget memory, Parser<? extends Message> parser, int bytesMax) {
        super(memory, bytesMax, call.packed);
        this.call = call;
        this.memory = memory;
        this.parser = parser;
    }

    @Override
    boolean isSettled() {
        return call.isOver();
    }

    @Override
    void refuse(Status status) {
        call.refuse(status);
    }

    @Override
    void whole(ByteBuf input, int length) {
        deliver(input.nioBuffer(input.readerIndex(), length), length);
    }

    @Override
    boolean mayTake(PartialMessage part, int more) {
        return holdInAll(part.capacityFor(more));
    }

    @Override
    void exhausted() {
        call.resetAs(UnaryCall.EXHAUSTED, Http2Error.ENHANCE_YOUR_CALM);
    }

    @Override
    void complete(PartialMessage part) {
        deliverHeld(ByteBuffer.wrap(part.body(), 0, part.length()));
    }

    @Override
    boolean mayUnpack(int bytes) {
        return holdInAll(bytes);
    }

    @Override
    void unpacked(byte[] body) {
        deliverHeld(ByteBuffer.wrap(body));
    }

    private void deliverHeld(ByteBuffer encoded) {
        waitingHeld += takeHeld();
        deliver(encoded, encoded.remaining());
    }

    private void deliver(ByteBuffer encoded, int length) {
        try {
            call.request(parser.parseFrom(encoded), length);
        } catch (InvalidProtocolBufferException malformed) {
            call.refuse(UnaryCall.UNREADABLE);
        }
    }

    /** The service has all requests that were complete. */
    void taken() {
        memory.release(waitingHeld);
        waitingHeld = 0;
    }

    /** The call is over: nothing is held any more. */
    void release() {
        taken();
        memory.release(takeHeld());
        forget();
    }
}
