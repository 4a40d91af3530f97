package io.quorate.node.wal;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.proto.walpb.Record;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.HardState;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * Reads segments in the plainest way, by the generated protobuf classes and a bitwise checksum: a second opinion on the
 * format that shares nothing with the code under test.
 */
final class PlainLog {

    private static final int ENTRY = 2;
    private static final int STATE = 3;
    private static final int CRC = 4;

    /** One record and where its frame ends. */
    record Frame(Record record, int end) {}

    /** What a member knows after some of the records. */
    record Knowledge(HardState state, List<String> entries) {}

    private PlainLog() {}

    /** All frames of a segment; fails when a checksum is wrong. */
    static List<Frame> frames(byte[] segment) throws InvalidProtocolBufferException {
        List<Frame> frames = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(segment).order(ByteOrder.LITTLE_ENDIAN);
        int crc = 0;
        while (in.remaining() >= Long.BYTES && in.getLong(in.position()) != 0) {
            long field = in.getLong();
            int length = (int) field;
            int padding = field < 0 ? (int) (field >>> 56) & 7 : 0;
            byte[] bytes = new byte[length];
            in.get(bytes);
            in.position(in.position() + padding);
            Record record = Record.parseFrom(bytes);
            if (record.getType() == CRC) {
                if (!frames.isEmpty() && record.getCrc() != crc) {
                    throw new IllegalStateException("a checksum record does not continue");
                }
                crc = record.getCrc();
            } else {
                crc = crc32c(crc, record.getData().toByteArray());
                if (record.getCrc() != crc) {
                    throw new IllegalStateException("wrong checksum before offset " + in.position());
                }
            }
            frames.add(new Frame(record, in.position()));
        }
        return frames;
    }

    static int crc32c(int before, byte[] bytes) {
        int register = ~before;
        for (byte b : bytes) {
            register ^= b & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                register = (register & 1) == 0 ? register >>> 1 : (register >>> 1) ^ 0x82F63B78;
            }
        }
        return ~register;
    }

    /** What a member knows after each number of frames, from none to all. */
    static List<Knowledge> knowledge(List<Frame> frames, WalSnapshot from) throws InvalidProtocolBufferException {
        List<Knowledge> knowledge = new ArrayList<>();
        HardState state = HardState.EMPTY;
        TreeMap<Long, String> entries = new TreeMap<>();
        knowledge.add(new Knowledge(state, List.of()));
        for (Frame frame : frames) {
            if (frame.record().getType() == STATE) {
                var message = io.quorate.proto.raftpb.HardState.parseFrom(
                        frame.record().getData());
                state = new HardState(message.getTerm(), message.getVote(), message.getCommit());
            } else if (frame.record().getType() == ENTRY) {
                var message =
                        io.quorate.proto.raftpb.Entry.parseFrom(frame.record().getData());
                entries.tailMap(message.getIndex()).clear();
                entries.put(message.getIndex(), describe(entryOf(message)));
            }
            knowledge.add(new Knowledge(
                    state, List.copyOf(entries.tailMap(from.index() + 1).values())));
        }
        return knowledge;
    }

    private static Entry entryOf(io.quorate.proto.raftpb.Entry message) {
        return new Entry(
                message.getTerm(),
                message.getIndex(),
                EntryType.values()[message.getType().getNumber()],
                message.getData().toByteArray());
    }

    /** A text that is equal for equal entries. */
    static String describe(Entry entry) {
        return entry.index() + "/" + entry.term() + "/" + entry.type() + "/" + entry.data().length + "/"
                + Arrays.hashCode(entry.data());
    }

    static Knowledge knowledge(Wal.Recovery recovery) {
        return new Knowledge(
                recovery.hardState(),
                recovery.entries().stream().map(PlainLog::describe).toList());
    }
}
