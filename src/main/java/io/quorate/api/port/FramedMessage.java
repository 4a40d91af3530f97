package io.quorate.api.port;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Messages with their prefixes, in buffers that are given back if a message cannot be written. */
final class FramedMessage {

    private FramedMessage() {}

    /** What writes into a new buffer. */
    @FunctionalInterface
    interface Filling {
        void fill(ByteBuf target) throws IOException;
    }

    /** @param size of the message, in bytes */
    static ByteBuf plain(ConnectionCalls calls, Message message, int size) {
        int bytes = ServedCall.PREFIX_BYTES + size;
        return filled(calls.allocate(bytes), target -> {
            CodedOutputStream out = CodedOutputStream.newInstance(target.nioBuffer(0, bytes));
            write(message, size, out);
            out.flush();
            target.writerIndex(bytes);
        });
    }

    /**
     * The same, packed by gzip.
     *
     * @param size of the message, in bytes
     */
    static ByteBuf packed(ConnectionCalls calls, Message message, int size) {
        return filled(
                calls.allocateAbout(ServedCall.PREFIX_BYTES + size), target -> PackedMessage.write(message, target));
    }

    /** One message that is not packed, behind its prefix. */
    static void write(Message message, int size, CodedOutputStream out) throws IOException {
        out.write((byte) 0);
        out.writeFixed32NoTag(Integer.reverseBytes(size));
        message.writeTo(out);
    }

    /** The buffer when it is filled; it is released if that fails. */
    static ByteBuf filled(ByteBuf target, Filling filling) {
        try {
            filling.fill(target);
            return target;
        } catch (IOException impossible) {
            target.release();
            throw new UncheckedIOException(impossible);
        } catch (RuntimeException | Error e) {
            target.release();
            throw e;
        }
    }
}
