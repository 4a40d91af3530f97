package io.quorate.node.wal;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.node.wal.PlainLog.Frame;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.raft.ConfState;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.HardState;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * A log recorded from etcd 3.4.23: one member, twelve puts, a snapshot every ten entries. The zeros behind its end are cut
 * off.
 */
class EtcdCompatibilityTests {

    private static final Path DIRECTORY = Path.of("/member/wal");
    private static final Path FILE = DIRECTORY.resolve("0000000000000000-0000000000000000.wal");
    private static final long MEMBER = 3319814642761637952L;

    @Test
    void openReadsWhatEtcdWrote() throws IOException {
        Wal.Recovery recovery = Wal.open(DIRECTORY, WalSnapshot.NONE, LogScript.options(recorded(), 64 << 10));
        recovery.wal().close();

        assertThat(recovery.tailCut()).isFalse();
        assertThat(recovery.hardState()).isEqualTo(new HardState(2, MEMBER, 16));
        assertThat(recovery.entries()).hasSize(16);
        for (int i = 0; i < 16; i++) {
            assertThat(recovery.entries().get(i).index()).isEqualTo(i + 1);
        }
        assertThat(recovery.entries().getFirst().type()).isEqualTo(EntryType.CONF_CHANGE);
        assertThat(recovery.entries().get(1).data()).isEmpty();
        assertThat(putOf(recovery.entries().get(4))).isEqualTo("key1=value1");
        assertThat(putOf(recovery.entries().getLast())).isEqualTo("key12=value12");
        assertThat(recovery.metadata()).hasSize(20);
    }

    private static String putOf(Entry entry) throws InvalidProtocolBufferException {
        var put = InternalRaftRequest.parseFrom(entry.data()).getPut();
        return put.getKey().toStringUtf8() + "=" + put.getValue().toStringUtf8();
    }

    @Test
    void snapshotsFindsEtcdsNotes() throws IOException {
        assertThat(Wal.snapshots(DIRECTORY, LogScript.options(recorded(), 64 << 10)))
                .containsExactly(WalSnapshot.NONE, new WalSnapshot(11, 2, ConfState.EMPTY));
    }

    @Test
    void openBehindEtcdsSnapshotGivesTheEntriesBehindIt() throws IOException {
        WalSnapshot from = new WalSnapshot(11, 2, ConfState.EMPTY);
        Wal.Recovery recovery = Wal.open(DIRECTORY, from, LogScript.options(recorded(), 64 << 10));
        recovery.wal().close();

        assertThat(recovery.entries())
                .hasSize(5)
                .first()
                .satisfies(entry -> assertThat(entry.index()).isEqualTo(12));
    }

    @Test
    void appendWritesTheSameBytesAsEtcd() throws IOException {
        byte[] recorded = recorded().bytes(FILE);
        MemoryDisk disk = new MemoryDisk();
        RunningCrc crc = new RunningCrc();
        FrameWriter writer = new FrameWriter(1 << 20, crc, disk.create(FILE), 0);
        List<Frame> frames = PlainLog.frames(recorded);
        for (Frame frame : frames) {
            rewrite(writer, frame);
        }
        writer.flush();

        assertThat(disk.bytes(FILE))
                .isEqualTo(Arrays.copyOf(recorded, frames.getLast().end()));
    }

    /** Decodes a record's data and encodes it again. */
    private static void rewrite(FrameWriter writer, Frame frame) throws IOException {
        byte[] data = frame.record().getData().toByteArray();
        byte[] head = new byte[RecordCodec.HEAD_BYTES_MAX];
        RecordType type = RecordType.of((int) frame.record().getType());
        switch (type) {
            case CRC -> writer.appendCrc();
            case METADATA -> writer.append(type, data);
            case SNAPSHOT ->
                writer.append(type, RecordCodec.encodeSnapshot(RecordCodec.decodeSnapshot(data, 0, data.length)));
            case STATE -> {
                HardState state = RecordCodec.decodeState(data, 0, data.length);
                writer.append(type, head, RecordCodec.encodeState(state, head), new byte[0]);
            }
            case ENTRY -> {
                Entry entry = RecordCodec.decodeEntry(data, 0, data.length);
                writer.append(type, head, RecordCodec.encodeEntryHead(entry, head), entry.data());
            }
        }
    }

    private static MemoryDisk recorded() throws IOException {
        try (InputStream in = EtcdCompatibilityTests.class.getResourceAsStream("/wal/etcd-3.4.23.wal")) {
            MemoryDisk disk = new MemoryDisk();
            disk.put(FILE, Objects.requireNonNull(in).readAllBytes());
            return disk;
        }
    }
}
