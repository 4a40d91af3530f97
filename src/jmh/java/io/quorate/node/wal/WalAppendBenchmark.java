package io.quorate.node.wal;

import io.quorate.node.BenchmarkDirectory;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.HardState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Batches of 1 KiB entries, each batch synced, beside a control that writes the same number of bytes to an allocated file
 * and syncs it. The directory is {@code -Dbench.directory}, by default the system's for temporary files, which should not
 * be in memory.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 4, time = 3)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH initializes in @Setup
public class WalAppendBenchmark {

    private static final int PAYLOAD_BYTES = 1024;
    private static final int FRAME_BYTES = 1072;
    private static final long FILE_BYTES = 64L << 20;

    /** How many entries are synced together. */
    @Param({"1", "32", "256"})
    public int batch;

    private BenchmarkDirectory directory;
    private Wal wal;
    private long index;
    private byte[] payload = new byte[PAYLOAD_BYTES];

    private FileChannel control;
    private ByteBuffer bytes = ByteBuffer.allocate(0);
    private long position;

    @Setup
    public void open() throws IOException {
        directory = BenchmarkDirectory.create("wal-bench");
        new Random(1).nextBytes(payload);
        wal = Wal.create(directory.path().resolve("wal"), new byte[16], WalSettings.DEFAULT);
        index = 0;
        control = FileChannel.open(
                directory.path().resolve("control"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
        for (long at = 0; at < FILE_BYTES; at += zeros.capacity()) {
            control.write(zeros.clear(), at);
        }
        control.force(true);
        bytes = ByteBuffer.allocateDirect(batch * FRAME_BYTES);
        while (bytes.remaining() >= PAYLOAD_BYTES) {
            bytes.put(payload);
        }
        position = 0;
    }

    @TearDown
    public void close() throws IOException {
        wal.close();
        control.close();
        directory.delete();
    }

    /** One batch through the log, as a member writes it: entries and a hard state. Old segments are purged. */
    @Benchmark
    public long appendAndSync() {
        List<Entry> entries = new ArrayList<>(batch);
        long committed = index;
        for (int i = 0; i < batch; i++) {
            entries.add(new Entry(1, ++index, EntryType.NORMAL, payload));
        }
        wal.append(new HardState(1, 1, committed), entries);
        long nanos = wal.sync();
        if (index % (32 << 10) < batch) {
            wal.releaseTo(index);
            wal.purge(2);
        }
        return nanos;
    }

    /** The same bytes without a log. */
    @Benchmark
    public long writeAndForce() throws IOException {
        if (position + bytes.capacity() > FILE_BYTES) {
            position = 0;
        }
        position += control.write(bytes.clear(), position);
        control.force(false);
        return position;
    }

    /** Encoding alone: a batch into the buffer and through the file system's cache, never synced. */
    @Benchmark
    public long appendWithoutSync(Unsynced unsynced) {
        return unsynced.append(batch, payload);
    }

    /** A log whose sync does nothing but write. */
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init") // JMH initializes in @Setup
    public static class Unsynced {

        private BenchmarkDirectory directory;
        private Wal wal;
        private long index;

        @Setup
        public void open() throws IOException {
            directory = BenchmarkDirectory.create("wal-bench");
            wal = Wal.create(
                    directory.path().resolve("wal"),
                    new byte[16],
                    WalSettings.DEFAULT.toBuilder().fsync(false).build());
            index = 0;
        }

        @TearDown
        public void close() throws IOException {
            wal.close();
            directory.delete();
        }

        long append(int batch, byte[] payload) {
            for (int i = 0; i < batch; i++) {
                wal.append(null, List.of(new Entry(1, ++index, EntryType.NORMAL, payload)));
            }
            wal.sync();
            if (index % (32 << 10) < batch) {
                wal.releaseTo(index);
                wal.purge(2);
            }
            return index;
        }
    }
}
