package io.quorate.bench;

import com.google.common.primitives.Bytes;
import com.google.common.primitives.Ints;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A connection of HTTP/2 whose frames are written as they are, for clients that do not behave, or cost nothing. */
final class RawHttp2 implements Closeable {

    static final int HEADER_BYTES = 9;
    static final int DATA = 0;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int WINDOW_UPDATE = 8;
    static final int END_STREAM = 1;
    static final int ACK = 1;

    private static final int HEADERS = 1;
    private static final int RESET = 3;
    private static final int GO_AWAY = 7;
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int END_HEADERS = 4;
    private static final int DEFAULT_WINDOW_BYTES = 65_535;
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private final Socket socket = new Socket();

    RawHttp2(InetSocketAddress server) throws IOException {
        this(server, new byte[0]);
    }

    private RawHttp2(InetSocketAddress server, byte[] settings) throws IOException {
        socket.connect(server);
        socket.setTcpNoDelay(true);
        socket.getOutputStream().write(PREFACE.getBytes(StandardCharsets.US_ASCII));
        send(frame(SETTINGS, 0, 0, settings));
    }

    /** A connection whose streams may have so many bytes under way, and as many all together. */
    static RawHttp2 withWindow(InetSocketAddress server, int bytes) throws IOException {
        byte[] window = Ints.toByteArray(bytes);
        RawHttp2 connection = new RawHttp2(server, Bytes.concat(new byte[] {0, INITIAL_WINDOW_SIZE}, window));
        connection.send(frame(WINDOW_UPDATE, 0, 0, Ints.toByteArray(bytes - DEFAULT_WINDOW_BYTES)));
        return connection;
    }

    /** What the server sends. */
    InputStream input() throws IOException {
        return socket.getInputStream();
    }

    /** Whether a frame ends its stream or the connection. */
    static boolean ends(int type, int flags) {
        return type == RESET || type == GO_AWAY || type <= HEADERS && (flags & END_STREAM) != 0;
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    static byte[] frame(int type, int flags, int stream, byte[] payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.writeBytes(new byte[] {
            (byte) (payload.length >>> 16),
            (byte) (payload.length >>> 8),
            (byte) payload.length,
            (byte) type,
            (byte) flags
        });
        frame.writeBytes(Ints.toByteArray(stream));
        frame.writeBytes(payload);
        return frame.toByteArray();
    }

    /** The HEADERS frame of a call. */
    static byte[] call(int stream, String path) {
        ByteArrayOutputStream fields = new ByteArrayOutputStream();
        literal(fields, ":method", "POST");
        literal(fields, ":scheme", "http");
        literal(fields, ":path", path);
        literal(fields, ":authority", "localhost");
        literal(fields, "content-type", "application/grpc");
        literal(fields, "te", "trailers");
        return frame(HEADERS, END_HEADERS, stream, fields.toByteArray());
    }

    private static void literal(ByteArrayOutputStream fields, String name, String value) {
        fields.write(0);
        for (String text : new String[] {name, value}) {
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            fields.write(bytes.length);
            fields.writeBytes(bytes);
        }
    }

    /** Throws away what the server has sent so far. */
    void drain() throws IOException {
        int waiting = socket.getInputStream().available();
        if (waiting > 0) {
            socket.getInputStream().skipNBytes(waiting);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
