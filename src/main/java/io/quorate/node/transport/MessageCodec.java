package io.quorate.node.transport;

import io.netty.buffer.ByteBuf;
import io.quorate.base.Numbered;
import io.quorate.base.Numbering;
import io.quorate.raft.ConfState;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import io.quorate.raft.Snapshot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Messages of consensus as bytes: fixed widths, big endian, since at hundreds of thousands of entries a second the time to
 * write them counts more than their size. What lies behind the length of a list is checked before it is allocated.
 */
final class MessageCodec {

    private static final int REJECT = 1;
    private static final int CONTEXT = 2;
    private static final int SNAPSHOT = 4;
    private static final int FIXED_BYTES = 2 + 8 * Long.BYTES + Integer.BYTES;
    private static final int ENTRY_BYTES = 2 * Long.BYTES + 1 + Integer.BYTES;
    private static final Numbering<MessageType> TYPES = Numbering.of(MessageType.class);
    private static final Numbering<EntryType> ENTRY_TYPES = Numbering.of(EntryType.class);

    private MessageCodec() {}

    /** Bytes of a message without context and snapshot, which are small. */
    static long sizeOf(Message message) {
        long size = FIXED_BYTES;
        for (Entry entry : message.entries()) {
            size += ENTRY_BYTES + entry.data().length;
        }
        return size;
    }

    static void write(Message message, ByteBuf out) {
        byte[] context = message.context();
        Snapshot snapshot = message.snapshot();
        out.writeByte(message.type().number());
        out.writeByte(
                (message.reject() ? REJECT : 0) | (context == null ? 0 : CONTEXT) | (snapshot == null ? 0 : SNAPSHOT));
        out.writeLong(message.to()).writeLong(message.from()).writeLong(message.term());
        out.writeLong(message.logTerm()).writeLong(message.index()).writeLong(message.commit());
        out.writeLong(message.vote()).writeLong(message.rejectHint());
        if (context != null) {
            writeBytes(context, out);
        }
        if (snapshot != null) {
            write(snapshot, out);
        }
        out.writeInt(message.entries().size());
        for (Entry entry : message.entries()) {
            out.writeLong(entry.term())
                    .writeLong(entry.index())
                    .writeByte(entry.type().number());
            writeBytes(entry.data(), out);
        }
    }

    /**
     * Reads one message.
     *
     * @throws MalformedFrameException if the bytes are none
     */
    static Message read(ByteBuf in) {
        try {
            return readUnchecked(in);
        } catch (IndexOutOfBoundsException e) {
            throw new MalformedFrameException("a message that ends too early");
        }
    }

    private static Message readUnchecked(ByteBuf in) {
        MessageType type = constant(TYPES, in.readUnsignedByte());
        int flags = in.readUnsignedByte();
        Message.MessageBuilder message = Message.builder()
                .type(type)
                .reject((flags & REJECT) != 0)
                .to(in.readLong())
                .from(in.readLong())
                .term(in.readLong())
                .logTerm(in.readLong())
                .index(in.readLong())
                .commit(in.readLong())
                .vote(in.readLong())
                .rejectHint(in.readLong())
                .context((flags & CONTEXT) != 0 ? readBytes(in) : null)
                .snapshot((flags & SNAPSHOT) != 0 ? readSnapshot(in) : null);
        int count = count(in, ENTRY_BYTES);
        List<Entry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long term = in.readLong();
            long index = in.readLong();
            EntryType entryType = constant(ENTRY_TYPES, in.readUnsignedByte());
            entries.add(new Entry(term, index, entryType, readBytes(in)));
        }
        return message.entries(entries).build();
    }

    private static void write(Snapshot snapshot, ByteBuf out) {
        ConfState configuration = snapshot.confState();
        out.writeLong(snapshot.index()).writeLong(snapshot.term());
        out.writeBoolean(configuration.autoLeave());
        writeIds(configuration.voters(), out);
        writeIds(configuration.votersOutgoing(), out);
        writeIds(configuration.learners(), out);
        writeIds(configuration.learnersNext(), out);
        writeBytes(snapshot.data(), out);
    }

    private static Snapshot readSnapshot(ByteBuf in) {
        long index = in.readLong();
        long term = in.readLong();
        boolean autoLeave = in.readBoolean();
        ConfState configuration = new ConfState(readIds(in), readIds(in), readIds(in), readIds(in), autoLeave);
        return new Snapshot(index, term, configuration, readBytes(in));
    }

    private static void writeIds(List<Long> ids, ByteBuf out) {
        out.writeInt(ids.size());
        ids.forEach(out::writeLong);
    }

    private static List<Long> readIds(ByteBuf in) {
        int count = count(in, Long.BYTES);
        List<Long> ids = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ids.add(in.readLong());
        }
        return ids;
    }

    static void writeBytes(byte[] bytes, ByteBuf out) {
        out.writeInt(bytes.length).writeBytes(bytes);
    }

    static void writeTexts(Collection<String> texts, ByteBuf out) {
        out.writeInt(texts.size());
        texts.forEach(text -> writeBytes(text.getBytes(StandardCharsets.UTF_8), out));
    }

    static Set<String> readTexts(ByteBuf in) {
        int count = count(in, Integer.BYTES);
        Set<String> texts = new HashSet<>();
        for (int i = 0; i < count; i++) {
            texts.add(new String(readBytes(in), StandardCharsets.UTF_8));
        }
        return texts;
    }

    static byte[] readBytes(ByteBuf in) {
        byte[] bytes = new byte[count(in, 1)];
        in.readBytes(bytes);
        return bytes;
    }

    /** The length of what follows, of which each part takes at least so many bytes. */
    private static int count(ByteBuf in, int bytesEach) {
        int count = in.readInt();
        if (count < 0 || (long) count * bytesEach > in.readableBytes()) {
            throw new MalformedFrameException("a list of " + count + " parts in " + in.readableBytes() + " bytes");
        }
        return count;
    }

    private static <E extends Enum<E> & Numbered> E constant(Numbering<E> numbers, int number) {
        E constant = numbers.find(number);
        if (constant == null) {
            throw new MalformedFrameException("unknown number " + number);
        }
        return constant;
    }
}
