package io.quorate.api.port;

import com.google.protobuf.Message;
import io.grpc.Status;
import io.grpc.StatusException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.quorate.api.port.GzipInput.CorruptException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Messages packed by gzip, both ways. */
final class PackedMessage {

    /** Larger messages are sent as they are, which any client has to understand: the event loop has others to serve. */
    static final int BYTES_MAX = 64 * 1024;

    private static final int FIRST_BYTES = 1024;
    private static final byte PACKED = 1;

    private PackedMessage() {}

    /**
     * Unpacks a message of a client.
     *
     * @param bytesMax how long it may be
     * @param room asked before so many bytes are held for it in all; what it says no to is given up
     * @return null if there was no room
     * @throws StatusException if it is too long, or is not what gzip makes; in etcd's words
     */
    static byte @Nullable [] unpack(byte[] packed, int bytesMax, IntPredicate room) throws StatusException {
        try (GzipInput input = new GzipInput(packed)) {
            open(input);
            return read(input, bytesMax, room);
        }
    }

    private static void open(GzipInput input) throws StatusException {
        try {
            input.open();
        } catch (CorruptException e) {
            throw refused(Status.INTERNAL, "grpc: failed to decompress the message: " + e.getMessage());
        }
    }

    private static byte @Nullable [] read(GzipInput input, int bytesMax, IntPredicate room) throws StatusException {
        byte[] message = {};
        int length = 0;
        while (true) {
            if (length == message.length) {
                int more = Math.min(bytesMax + 1, Math.max(FIRST_BYTES, 2 * length));
                if (!room.test(more)) {
                    return null;
                }
                message = Arrays.copyOf(message, more);
            }
            int bytes = readSome(input, message, length);
            if (bytes < 0) {
                return Arrays.copyOf(message, length);
            }
            length += bytes;
            if (length > bytesMax) {
                throw refused(
                        Status.RESOURCE_EXHAUSTED,
                        "grpc: received message after decompression larger than max " + bytesMax);
            }
        }
    }

    private static int readSome(GzipInput input, byte[] message, int length) throws StatusException {
        try {
            return input.read(message, length, message.length - length);
        } catch (CorruptException e) {
            throw refused(Status.INTERNAL, "grpc: failed to read decompressed data: " + e.getMessage());
        }
    }

    private static StatusException refused(Status status, String text) {
        return status.withDescription(text).asException();
    }

    /** Whether a message of an answer is packed. An empty one cannot become shorter. */
    static boolean suits(int bytes) {
        return bytes > 0 && bytes <= BYTES_MAX;
    }

    /** Writes a packed message behind its prefix. */
    static void write(Message message, ByteBuf target) {
        int prefix = target.writerIndex();
        target.writeByte(PACKED).writeInt(0);
        int begin = target.writerIndex();
        try (GZIPOutputStream packing = new GZIPOutputStream(new ByteBufOutputStream(target))) {
            message.writeTo(packing);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        target.setInt(prefix + 1, target.writerIndex() - begin);
    }
}
