package io.quorate.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * A frame that arrived whole. On the wire: four bytes length of what follows the eight bytes of the header, four bytes
 * CRC-32C of that, one byte type, body; big endian.
 *
 * @param type what the body is
 * @param body owned by the receiver of the frame, which releases it
 */
record Frame(FrameType type, ByteBuf body) {

    static final int HEADER_BYTES = 2 * Integer.BYTES;

    /** Writes a frame whose body a function fills in. */
    static ByteBuf write(ByteBufAllocator allocator, FrameType type, int sizeHint, Consumer<ByteBuf> body) {
        ByteBuf frame = allocator.directBuffer(HEADER_BYTES + 1 + sizeHint);
        try {
            frame.writeLong(0);
            frame.writeByte(type.number());
            body.accept(frame);
            int length = frame.readableBytes() - HEADER_BYTES;
            frame.setInt(0, length);
            frame.setInt(Integer.BYTES, checksum(frame, HEADER_BYTES, length));
            return frame;
        } catch (RuntimeException e) {
            frame.release();
            throw e;
        }
    }

    static int checksum(ByteBuf bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        if (bytes.nioBufferCount() == 1) {
            crc.update(bytes.internalNioBuffer(from, length));
        } else {
            for (java.nio.ByteBuffer part : bytes.nioBuffers(from, length)) {
                crc.update(part);
            }
        }
        return (int) crc.getValue();
    }
}
