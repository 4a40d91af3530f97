package io.quorate.node.snapshot;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.node.wal.ConfStateCodec;
import io.quorate.proto.raftpb.SnapshotMetadata;
import io.quorate.proto.snappb.snapshot;
import io.quorate.raft.Snapshot;
import java.util.zip.CRC32C;

/** The content of a snapshot file: a checksum and the snapshot as etcd encodes it. */
final class SnapshotFileCodec {

    private SnapshotFileCodec() {}

    /** A file that cannot be used, with the reason. */
    static final class UnreadableSnapshotException extends Exception {

        private static final long serialVersionUID = 1L;

        UnreadableSnapshotException(String reason) {
            super(reason);
        }
    }

    static byte[] encode(Snapshot value) {
        ByteString content = io.quorate.proto.raftpb.Snapshot.newBuilder()
                .setData(ByteString.copyFrom(value.data()))
                .setMetadata(SnapshotMetadata.newBuilder()
                        .setConfState(ConfStateCodec.encode(value.confState()))
                        .setIndex(value.index())
                        .setTerm(value.term()))
                .build()
                .toByteString();
        return snapshot.newBuilder()
                .setCrc(checksum(content))
                .setData(content)
                .build()
                .toByteArray();
    }

    static Snapshot decode(byte[] file) throws UnreadableSnapshotException {
        try {
            snapshot envelope = snapshot.parseFrom(file);
            if (envelope.getData().isEmpty()) {
                throw new UnreadableSnapshotException("it is empty");
            }
            int computed = checksum(envelope.getData());
            if (computed != envelope.getCrc()) {
                throw new UnreadableSnapshotException("its checksum is " + Integer.toHexString(envelope.getCrc())
                        + " but its content has " + Integer.toHexString(computed));
            }
            io.quorate.proto.raftpb.Snapshot message = io.quorate.proto.raftpb.Snapshot.parseFrom(envelope.getData());
            SnapshotMetadata metadata = message.getMetadata();
            return new Snapshot(
                    metadata.getIndex(),
                    metadata.getTerm(),
                    ConfStateCodec.decode(metadata.getConfState()),
                    message.getData().toByteArray());
        } catch (InvalidProtocolBufferException malformed) {
            throw new UnreadableSnapshotException("it is malformed: " + malformed.getMessage());
        }
    }

    private static int checksum(ByteString content) {
        CRC32C crc = new CRC32C();
        content.asReadOnlyByteBufferList().forEach(crc::update);
        return (int) crc.getValue();
    }
}
