package io.quorate.node.wal;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.quorate.base.Numbering;
import io.quorate.base.Varint;
import io.quorate.proto.walpb.Snapshot;
import io.quorate.raft.ConfState;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.HardState;
import java.io.IOException;

/**
 * The data of records as etcd writes it: numbers are present even when zero, an empty payload and an empty configuration
 * are absent. Reading is strict, since the type of a record is not covered by its checksum: a record whose fields are not
 * exactly those of its type is damaged.
 */
final class RecordCodec {

    /** Room for everything of an entry but its payload, or for a hard state. */
    static final int HEAD_BYTES_MAX = 40;

    private static final Numbering<EntryType> ENTRY_TYPES = Numbering.of(EntryType.class);
    private static final int VARINT = WireFormat.WIRETYPE_VARINT;
    private static final int TAG_1 = tag(1, VARINT);
    private static final int TAG_2 = tag(2, VARINT);
    private static final int TAG_3 = tag(3, VARINT);
    private static final int TAG_4_BYTES = tag(4, WireFormat.WIRETYPE_LENGTH_DELIMITED);

    private RecordCodec() {}

    private static int tag(int field, int wireType) {
        return field << 3 | wireType;
    }

    /** Everything of an entry up to its payload, which follows as it is; returns the length. */
    static int encodeEntryHead(Entry entry, byte[] target) {
        int at = putField(target, 0, TAG_1, entry.type().number());
        at = putField(target, at, TAG_2, entry.term());
        at = putField(target, at, TAG_3, entry.index());
        return entry.data().length == 0 ? at : putField(target, at, TAG_4_BYTES, entry.data().length);
    }

    /** Returns the length. */
    static int encodeState(HardState state, byte[] target) {
        int at = putField(target, 0, TAG_1, state.term());
        at = putField(target, at, TAG_2, state.vote());
        return putField(target, at, TAG_3, state.commit());
    }

    private static int putField(byte[] target, int at, int tag, long value) {
        target[at] = (byte) tag;
        return Varint.put(target, at + 1, value);
    }

    static byte[] encodeSnapshot(WalSnapshot snapshot) {
        Snapshot.Builder message =
                Snapshot.newBuilder().setIndex(snapshot.index()).setTerm(snapshot.term());
        if (!snapshot.confState().equals(ConfState.EMPTY)) {
            message.setConfState(ConfStateCodec.encode(snapshot.confState()));
        }
        return message.build().toByteArray();
    }

    /** Fails when the bytes are not exactly one entry. */
    static Entry decodeEntry(byte[] bytes, int offset, int length) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(bytes, offset, length);
        long type = readField(in, TAG_1);
        long term = readField(in, TAG_2);
        long index = readField(in, TAG_3);
        EntryType entryType = ENTRY_TYPES.find(type);
        if (entryType == null) {
            throw new IOException("unknown type of entry " + type);
        }
        if (in.isAtEnd()) {
            if (entryType == EntryType.CONF_CHANGE) {
                throw new IOException("a membership change without content");
            }
            return new Entry(term, index, entryType, Entry.empty(0, 0).data());
        }
        expectTag(in, TAG_4_BYTES);
        byte[] data = in.readByteArray();
        expectEnd(in);
        return new Entry(term, index, entryType, data);
    }

    /** Fails when the bytes are not exactly one hard state. */
    static HardState decodeState(byte[] bytes, int offset, int length) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(bytes, offset, length);
        HardState state = new HardState(readField(in, TAG_1), readField(in, TAG_2), readField(in, TAG_3));
        expectEnd(in);
        return state;
    }

    /** Fails when the bytes are not exactly one snapshot note. */
    static WalSnapshot decodeSnapshot(byte[] bytes, int offset, int length) throws IOException {
        Snapshot message = Snapshot.parser().parseFrom(bytes, offset, length);
        if (!message.hasIndex()
                || !message.hasTerm()
                || !message.getUnknownFields().asMap().isEmpty()) {
            throw new IOException("these are not the fields of a snapshot note");
        }
        return new WalSnapshot(
                message.getIndex(),
                message.getTerm(),
                message.hasConfState() ? ConfStateCodec.decode(message.getConfState()) : ConfState.EMPTY);
    }

    private static long readField(CodedInputStream in, int tag) throws IOException {
        expectTag(in, tag);
        return in.readRawVarint64();
    }

    private static void expectTag(CodedInputStream in, int tag) throws IOException {
        int found = in.readTag();
        if (found != tag) {
            throw new IOException("field tag " + found + " where " + tag + " belongs");
        }
    }

    private static void expectEnd(CodedInputStream in) throws IOException {
        if (!in.isAtEnd()) {
            throw new IOException("bytes behind the last field");
        }
    }
}
