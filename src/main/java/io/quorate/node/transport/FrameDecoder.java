package io.quorate.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.quorate.base.Numbering;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Cuts the stream into frames and checks each before anybody sees it. */
final class FrameDecoder extends ByteToMessageDecoder {

    /** Before the greeting nobody may make this member keep more than this. */
    private static final int GREETING_BYTES_MAX = 8 * 1024;

    /** The first four bytes of requests, in the place of a length. */
    private static final Set<Integer> HTTP_BEGINS = Stream.of("GET ", "POST", "PUT ", "HEAD", "PRI ", "OPTI", "DELE")
            .map(begin ->
                    ByteBuffer.wrap(begin.getBytes(StandardCharsets.US_ASCII)).getInt())
            .collect(Collectors.toUnmodifiableSet());

    private static final Numbering<FrameType> TYPES = Numbering.of(FrameType.class);

    private final int frameBytesMax;
    private boolean greeted;

    /**
     * @param frameBytesMax largest frame of a peer that has been greeted
     */
    FrameDecoder(int frameBytesMax) {
        this.frameBytesMax = frameBytesMax;
    }

    /** The other side is known now and may send large frames. */
    void greeted() {
        greeted = true;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (in.readableBytes() < Frame.HEADER_BYTES) {
            return;
        }
        int length = in.getInt(in.readerIndex());
        int max = greeted ? frameBytesMax : GREETING_BYTES_MAX;
        if (!greeted && HTTP_BEGINS.contains(length)) {
            throw new MalformedFrameException(
                    "this is HTTP, and not another member; clients belong on the URLs of advertise-client-urls");
        }
        if (length < 1 || length > max) {
            throw new MalformedFrameException("a frame of " + length + " bytes, at most " + max + " are allowed");
        }
        if (in.readableBytes() < Frame.HEADER_BYTES + length) {
            return;
        }
        int expected = in.getInt(in.readerIndex() + Integer.BYTES);
        in.skipBytes(Frame.HEADER_BYTES);
        int actual = Frame.checksum(in, in.readerIndex(), length);
        if (actual != expected) {
            throw new MalformedFrameException("a frame with checksum " + Integer.toHexString(expected)
                    + " whose bytes have " + Integer.toHexString(actual));
        }
        int number = in.readUnsignedByte();
        FrameType type = TYPES.find(number);
        if (type == null) {
            throw new MalformedFrameException("a frame of unknown type " + number);
        }
        out.add(new Frame(type, in.readRetainedSlice(length - 1)));
    }
}
