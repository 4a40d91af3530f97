package io.quorate.node.wal;

import com.google.protobuf.Message;
import io.quorate.base.Numbering;
import io.quorate.proto.walpb.Snapshot;
import io.quorate.raft.ConfState;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.HardState;
import java.io.IOException;

/** As any etcd writes them: 3.7 leaves out a number that is zero. Fields of no version are refused. */
final class EtcdRecordFormat implements RecordFormat {

    private static final Numbering<EntryType> ENTRY_TYPES = Numbering.of(EntryType.class);

    @Override
    public Entry entry(byte[] bytes, int offset, int length) throws IOException {
        io.quorate.proto.raftpb.Entry found =
                known(io.quorate.proto.raftpb.Entry.parser().parseFrom(bytes, offset, length));
        EntryType type = ENTRY_TYPES.find(found.getType().getNumber());
        if (type == null) {
            throw new IOException("unknown type of entry " + found.getType());
        }
        if (type == EntryType.CONF_CHANGE && found.getData().isEmpty()) {
            throw new IOException("a membership change without content");
        }
        return new Entry(
                found.getTerm(), found.getIndex(), type, found.getData().toByteArray());
    }

    @Override
    public HardState state(byte[] bytes, int offset, int length) throws IOException {
        io.quorate.proto.raftpb.HardState found =
                known(io.quorate.proto.raftpb.HardState.parser().parseFrom(bytes, offset, length));
        return new HardState(found.getTerm(), found.getVote(), found.getCommit());
    }

    @Override
    public WalSnapshot snapshot(byte[] bytes, int offset, int length) throws IOException {
        Snapshot found = known(Snapshot.parser().parseFrom(bytes, offset, length));
        return new WalSnapshot(
                found.getIndex(),
                found.getTerm(),
                found.hasConfState() ? ConfStateCodec.decode(found.getConfState()) : ConfState.EMPTY);
    }

    private static <M extends Message> M known(M message) throws IOException {
        if (!message.getUnknownFields().asMap().isEmpty()) {
            throw new IOException(
                    "unknown fields " + message.getUnknownFields().asMap().keySet());
        }
        return message;
    }
}
