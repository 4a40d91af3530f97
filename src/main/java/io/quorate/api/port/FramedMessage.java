package io.quorate.api.port;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A message with its prefix, in a buffer of its own. */
final class FramedMessage {

    private FramedMessage() {}

    /** @param size of the message, in bytes */
    static ByteBuf plain(ConnectionCalls calls, Message message, int size) {
        ByteBuf framed = calls.allocate(ServedCall.PREFIX_BYTES + size);
        try {
            framed.writeByte(0).writeInt(size);
            CodedOutputStream out = CodedOutputStream.newInstance(framed.nioBuffer(ServedCall.PREFIX_BYTES, size));
            message.writeTo(out);
            out.flush();
            return framed.writerIndex(ServedCall.PREFIX_BYTES + size);
        } catch (IOException impossible) {
            framed.release();
            throw new UncheckedIOException(impossible);
        } catch (RuntimeException | Error e) {
            framed.release();
            throw e;
        }
    }

    /**
     * The same, packed by gzip.
     *
     * @param size of the message, in bytes
     */
    static ByteBuf packed(ConnectionCalls calls, Message message, int size) {
        ByteBuf framed = calls.allocateAbout(ServedCall.PREFIX_BYTES + size);
        try {
            PackedMessage.write(message, framed);
            return framed;
        } catch (RuntimeException | Error e) {
            framed.release();
            throw e;
        }
    }
}
