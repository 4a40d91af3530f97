package io.quorate.api.port;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.Type;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.WireFormat;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The encoding of a message, piece by piece, so that a large one never lies in memory a second time. Messages inside it are
 * written one after the other, and entered where they are large themselves; of a long byte string each piece copies a part.
 *
 * <p>Used by one thread at a time.
 */
final class MessagePieces {

    /** What is smaller is written in one go. */
    private static final int WHOLE_BYTES = 4 * 1024;

    /** A message that has been entered: its fields to come, and what is left of the one begun. */
    private static final class Level {

        private final Message message;
        private final Iterator<Map.Entry<FieldDescriptor, Object>> fields;
        private @Nullable FieldDescriptor field;
        private Iterator<?> values = Collections.emptyIterator();
        private final Iterator<Map.Entry<Integer, UnknownFieldSet.Field>> unparsedFields;
        private int unparsedField;
        private Iterator<ByteString> unparsed = Collections.emptyIterator();

        Level(Message message) {
            this.message = message;
            this.fields = message.getAllFields().entrySet().iterator();
            this.unparsedFields = message.getUnknownFields().asMap().entrySet().iterator();
        }
    }

    private final ArrayDeque<Level> levels = new ArrayDeque<>();
    private ByteString ready;
    private int readyOffset;
    private int left;

    /** @param prefix comes first */
    MessagePieces(byte[] prefix, Message message) {
        left = prefix.length + message.getSerializedSize();
        ready = ByteString.copyFrom(prefix);
        levels.push(new Level(message));
    }

    /** Bytes that are still to be written. */
    int left() {
        return left;
    }

    /** Writes the next bytes, as many as there is room for in a buffer that lies in one piece. */
    void fill(ByteBuf target) {
        int room = Math.min(target.writableBytes(), left);
        CodedOutputStream out = CodedOutputStream.newInstance(target.nioBuffer(target.writerIndex(), room));
        try {
            while (out.getTotalBytesWritten() < room) {
                step(out, room - out.getTotalBytesWritten());
            }
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer was too short", e);
        }
        target.writerIndex(target.writerIndex() + room);
        left -= room;
    }

    private void step(CodedOutputStream out, int room) throws IOException {
        if (readyOffset < ready.size()) {
            int end = Math.min(ready.size(), readyOffset + room);
            out.writeRawBytes(ready.substring(readyOffset, end));
            readyOffset = end;
            return;
        }
        Level level = levels.element();
        if (level.values.hasNext()) {
            value(level, level.values.next(), out, room);
        } else if (level.fields.hasNext()) {
            begin(level, level.fields.next());
        } else if (level.unparsed.hasNext()) {
            bytes(level.unparsedField, level.unparsed.next(), out, room);
        } else if (level.unparsedFields.hasNext()) {
            beginUnparsed(level, level.unparsedFields.next());
        } else {
            levels.pop();
        }
    }

    /** Values of a repeated field come one by one if each has a tag of its own. */
    private static void begin(Level level, Map.Entry<FieldDescriptor, Object> next) {
        FieldDescriptor field = next.getKey();
        boolean one = !field.isRepeated() || (field.getType() != Type.MESSAGE && field.getType() != Type.BYTES);
        level.field = field;
        level.values = one ? List.of(next.getValue()).iterator() : ((List<?>) next.getValue()).iterator();
    }

    /** Byte strings, which messages that nobody parsed are too, come one by one. */
    private void beginUnparsed(Level level, Map.Entry<Integer, UnknownFieldSet.Field> next) {
        UnknownFieldSet.Field field = next.getValue();
        level.unparsedField = next.getKey();
        level.unparsed = field.getLengthDelimitedList().iterator();
        UnknownFieldSet.Field.Builder numbers = UnknownFieldSet.Field.newBuilder();
        field.getVarintList().forEach(numbers::addVarint);
        field.getFixed32List().forEach(numbers::addFixed32);
        field.getFixed64List().forEach(numbers::addFixed64);
        field.getGroupList().forEach(numbers::addGroup);
        prepare(UnknownFieldSet.newBuilder()
                .addField(level.unparsedField, numbers.build())
                .build()
                .toByteString());
    }

    private void bytes(int number, ByteString bytes, CodedOutputStream out, int room) throws IOException {
        if (CodedOutputStream.computeBytesSize(number, bytes) <= room) {
            out.writeBytes(number, bytes);
        } else {
            prepare(head(number, bytes.size()).concat(bytes));
        }
    }

    private void value(Level level, Object value, CodedOutputStream out, int room) throws IOException {
        FieldDescriptor field = level.field;
        if (field == null) {
            throw new IllegalStateException("a value without a field");
        }
        int number = field.getNumber();
        if (field.getType() == Type.MESSAGE && value instanceof Message message) {
            int size = message.getSerializedSize();
            if (size > WHOLE_BYTES) {
                prepare(head(number, size));
                levels.push(new Level(message));
            } else if (CodedOutputStream.computeMessageSize(number, message) <= room) {
                out.writeMessage(number, message);
            } else {
                prepare(head(number, size).concat(message.toByteString()));
            }
        } else if (value instanceof ByteString bytes) {
            bytes(number, bytes, out, room);
        } else {
            Message alone =
                    level.message.newBuilderForType().setField(field, value).buildPartial();
            prepare(alone.toByteString());
        }
    }

    private void prepare(ByteString bytes) {
        ready = bytes;
        readyOffset = 0;
    }

    private static ByteString head(int number, int size) throws IOException {
        ByteString.Output bytes = ByteString.newOutput(2 * Integer.BYTES + 2);
        CodedOutputStream out = CodedOutputStream.newInstance(bytes, 2 * Integer.BYTES + 2);
        out.writeTag(number, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        out.writeUInt32NoTag(size);
        out.flush();
        return bytes.toByteString();
    }
}
