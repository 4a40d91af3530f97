package io.quorate.bench;

import com.google.common.primitives.Ints;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.quorate.proto.WatchRequest;
import io.quorate.proto.WatchResponse;
import io.quorate.proto.mvccpb.Event;
import io.quorate.proto.mvccpb.KeyValue;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;

/**
 * One stream of watchers on a connection and a thread of its own. It looks at no more of an event than the time of its write: on the
 * processors that it shares with the server, a client that costs more would be what is measured.
 */
final class WatchReader implements Runnable, AutoCloseable {

    private static final String WATCH = "/etcdserverpb.Watch/Watch";
    private static final int STREAM = 1;
    private static final int WINDOW_BYTES = 64 << 20;
    private static final int BUFFER_BYTES = 1 << 20;
    private static final int PREFIX_BYTES = 5;

    private final RawHttp2 connection;
    private final DataInputStream input;
    private final Recorder recorder;
    private final Phase phase;
    private final CountDownLatch created;

    /** Messages of which the last may not be whole: from {@code begin} to {@code end}. */
    private byte[] messages = new byte[BUFFER_BYTES];

    private int begin;
    private int end;
    private long arrived; // when the last frame was whole
    private int owed; // bytes of the window that were taken and not given back

    WatchReader(InetSocketAddress server, Recorder recorder, Phase phase, CountDownLatch created) throws IOException {
        this.connection = RawHttp2.withWindow(server, WINDOW_BYTES);
        this.input = new DataInputStream(new BufferedInputStream(connection.input(), BUFFER_BYTES));
        this.recorder = recorder;
        this.phase = phase;
        this.created = created;
        connection.send(RawHttp2.call(STREAM, WATCH));
    }

    /** Asks for a watcher. */
    void create(WatchRequest request) throws IOException {
        byte[] message = request.toByteArray();
        byte[] framed = ByteBuffer.allocate(PREFIX_BYTES + message.length)
                .put((byte) 0)
                .putInt(message.length)
                .put(message)
                .array();
        connection.send(RawHttp2.frame(RawHttp2.DATA, 0, STREAM, framed));
    }

    /** Reads until the stream or the connection ends. */
    @Override
    public void run() {
        try {
            while (takeFrame()) {
                takeMessages();
            }
        } catch (IOException e) {
            if (System.nanoTime() < phase.countTo) {
                throw new UncheckedIOException("watch lost", e);
            }
        }
    }

    private boolean takeFrame() throws IOException {
        int length = input.readUnsignedShort() << 8 | input.readUnsignedByte();
        int type = input.readUnsignedByte();
        int flags = input.readUnsignedByte();
        input.readInt();
        makeRoom(length);
        input.readFully(messages, end, length);
        arrived = System.nanoTime();
        switch (type) {
            case RawHttp2.DATA -> {
                end += length;
                giveBack(length);
            }
            case RawHttp2.SETTINGS, RawHttp2.PING -> acknowledge(type, flags, length);
            default -> {}
        }
        if (RawHttp2.ends(type, flags)) {
            throw new IOException("ended by the server with a frame of type " + type);
        }
        return true;
    }

    private void makeRoom(int bytes) {
        if (messages.length - end < bytes) {
            byte[] moved = new byte[Math.max(BUFFER_BYTES, 2 * (end - begin + bytes))];
            System.arraycopy(messages, begin, moved, 0, end - begin);
            messages = moved;
            end -= begin;
            begin = 0;
        }
    }

    private void acknowledge(int type, int flags, int length) throws IOException {
        if ((flags & RawHttp2.ACK) == 0) {
            byte[] payload = new byte[type == RawHttp2.PING ? length : 0];
            System.arraycopy(messages, end, payload, 0, payload.length);
            connection.send(RawHttp2.frame(type, RawHttp2.ACK, 0, payload));
        }
    }

    private void giveBack(int bytes) throws IOException {
        owed += bytes;
        if (owed > WINDOW_BYTES / 2) {
            byte[] increment = Ints.toByteArray(owed);
            connection.send(RawHttp2.frame(RawHttp2.WINDOW_UPDATE, 0, 0, increment));
            connection.send(RawHttp2.frame(RawHttp2.WINDOW_UPDATE, 0, STREAM, increment));
            owed = 0;
        }
    }

    private void takeMessages() throws IOException {
        while (end - begin >= PREFIX_BYTES) {
            int length = ByteBuffer.wrap(messages, begin + 1, Integer.BYTES).getInt();
            if (end - begin - PREFIX_BYTES < length) {
                return;
            }
            take(CodedInputStream.newInstance(messages, begin + PREFIX_BYTES, length));
            begin += PREFIX_BYTES + length;
        }
    }

    private void take(CodedInputStream response) throws IOException {
        for (int tag = response.readTag(); tag != 0; tag = response.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case WatchResponse.CREATED_FIELD_NUMBER -> {
                    if (response.readBool()) {
                        created.countDown();
                    }
                }
                case WatchResponse.EVENTS_FIELD_NUMBER -> within(response, this::takeEvent);
                default -> response.skipField(tag);
            }
        }
    }

    private void takeEvent(CodedInputStream event) throws IOException {
        for (int tag = event.readTag(); tag != 0; tag = event.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == Event.KV_FIELD_NUMBER) {
                within(event, this::takeRecord);
            } else {
                event.skipField(tag);
            }
        }
    }

    private void takeRecord(CodedInputStream record) throws IOException {
        for (int tag = record.readTag(); tag != 0; tag = record.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == KeyValue.VALUE_FIELD_NUMBER) {
                int bytes = record.readRawVarint32();
                long written = Long.reverseBytes(record.readRawLittleEndian64());
                record.skipRawBytes(bytes - Long.BYTES);
                note(written);
            } else {
                record.skipField(tag);
            }
        }
    }

    private void note(long written) {
        if (arrived >= phase.countFrom && arrived < phase.countTo) {
            recorder.record(arrived - written, true);
        }
    }

    private interface Part {
        void take(CodedInputStream input) throws IOException;
    }

    private static void within(CodedInputStream input, Part part) throws IOException {
        int outer = input.pushLimit(input.readRawVarint32());
        part.take(input);
        input.popLimit(outer);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
