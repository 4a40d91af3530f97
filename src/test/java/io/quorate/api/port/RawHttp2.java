package io.quorate.api.port;

import com.google.common.primitives.Bytes;
import com.google.common.primitives.Ints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** An HTTP/2 connection of a client, frame by frame. */
final class RawHttp2 implements AutoCloseable {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RESET = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW = 8;
    static final int ACK = 1;
    static final int END = 1;
    static final int END_HEADERS = 4;

    private static final int HEAD_BYTES = 9;

    private final Socket socket;

    /** A frame as it came. */
    record Frame(int type, int flags, int stream, byte[] payload) {

        boolean is(int wantedType, int wantedFlags) {
            return type == wantedType && flags == wantedFlags;
        }

        /** A number in the payload. */
        int number(int offset) {
            return Ints.fromBytes(payload[offset], payload[offset + 1], payload[offset + 2], payload[offset + 3]);
        }
    }

    /** Connects, and sends the preface with no settings. */
    RawHttp2(int port) throws IOException {
        this(new Socket("127.0.0.1", port));
    }

    /** The same on a connection that there is. */
    RawHttp2(Socket socket) throws IOException {
        this.socket = socket;
        socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        write(SETTINGS, 0, 0, new byte[0]);
    }

    void write(int type, int flags, int stream, byte[] payload) throws IOException {
        socket.getOutputStream().write(frame(type, flags, stream, payload));
    }

    static byte[] frame(int type, int flags, int stream, byte[] payload) {
        byte[] length = Ints.toByteArray(payload.length);
        return Bytes.concat(
                new byte[] {length[1], length[2], length[3], (byte) type, (byte) flags},
                Ints.toByteArray(stream),
                payload);
    }

    /** Begins a call; names and values of more fields by turns. */
    void call(int stream, String path, String... more) throws IOException {
        write(HEADERS, END_HEADERS, stream, fields(path, "application/grpc", more));
    }

    /** The header block of a request; names and values of more fields by turns. */
    static byte[] fields(String path, String contentType, String... more) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        String[] usual = {
            ":method", "POST", ":scheme", "http", ":path", path, ":authority", "x", "content-type", contentType
        };
        for (String[] fields : new String[][] {usual, more}) {
            for (int i = 0; i < fields.length; i++) {
                if (i % 2 == 0) {
                    block.write(0); // a field that is not to be remembered
                }
                block.write(fields[i].length());
                block.writeBytes(fields[i].getBytes(StandardCharsets.US_ASCII));
            }
        }
        return block.toByteArray();
    }

    /** The next frame; null if the member has closed the connection. */
    @Nullable
    Frame read() throws IOException {
        try {
            InputStream in = socket.getInputStream();
            byte[] head = in.readNBytes(HEAD_BYTES);
            if (head.length < HEAD_BYTES) {
                return null;
            }
            int length = Ints.fromBytes((byte) 0, head[0], head[1], head[2]);
            return new Frame(
                    head[3], head[4], Ints.fromBytes(head[5], head[6], head[7], head[8]), in.readNBytes(length));
        } catch (SocketException cut) {
            return null;
        }
    }

    /** The next frame of a kind; those before it are passed over. */
    Frame next(int type, int flags) throws IOException {
        for (Frame frame = read(); frame != null; frame = read()) {
            if (frame.is(type, flags)) {
                return frame;
            }
        }
        throw new IOException("closed before a frame of type " + type + " with the flags " + flags);
    }

    /** Whether the member closes the connection, whatever it says before. */
    boolean isClosed() throws IOException {
        Frame frame = read();
        while (frame != null) {
            frame = read();
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
