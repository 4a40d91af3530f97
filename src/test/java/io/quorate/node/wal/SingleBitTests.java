package io.quorate.node.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.HardState;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A sector of zeros means that it was never written. One that would hold a single set bit of an entry looks just so when that bit
 * turns over: the one is the rest of a write that was cut off, the other damage to what was acknowledged. No log has such a
 * sector.
 */
@ExtendWith(QuietLog.class)
class SingleBitTests {

    private static final int SEGMENT_BYTES = 8 << 10;

    /** About here the entry begins to end in the second sector. */
    private static final int DATA_BYTES_MIN = 330;

    /** More zeros fill a sector by themselves, wherever the entry begins: such an entry stays ambiguous, and is refused. */
    private static final int DATA_BYTES_MAX = 500;

    private final MemoryDisk disk = new MemoryDisk();
    private final WalSettings options = LogScript.options(disk, SEGMENT_BYTES);

    private static Entry entry(long index, byte[] data) {
        return new Entry(1, index, EntryType.NORMAL, data);
    }

    private Path newest() {
        return LogScript.DIRECTORY.resolve(LogFiles.names(disk).getLast().toString());
    }

    /** What recovery finds, or -1 when it refuses. */
    private int entriesFoundIn(byte[] content) {
        disk.put(newest(), content);
        try {
            Wal.Recovery recovery = Wal.open(LogScript.DIRECTORY, WalSnapshot.NONE, options);
            recovery.wal().close();
            return recovery.entries().size();
        } catch (WalCorruptException refused) {
            return -1;
        }
    }

    private byte[] logEndingWith(byte[] data) {
        LogFiles.names(disk).forEach(name -> disk.delete(LogScript.DIRECTORY.resolve(name.toString())));
        try (Wal wal = Wal.create(LogScript.DIRECTORY, LogScript.METADATA, options)) {
            wal.append(new HardState(1, 1, 0), List.of(entry(1, new byte[] {1})));
            wal.sync();
            wal.append(null, List.of(entry(2, data)));
            wal.sync();
            return disk.bytes(newest()).clone();
        }
    }

    /** Where the one byte of the data stands that is not zero. */
    private static int endOfTheZeros(byte[] content, int size) {
        int zeros = 0;
        for (int at = 0; at < content.length; at++) {
            if (content[at] != 0 && zeros >= size - 1) {
                return at;
            }
            zeros = content[at] == 0 ? zeros + 1 : 0;
        }
        throw new AssertionError("the data is not in the log");
    }

    @Test
    void openWhenTheLastSectorOfAnEntryWasNotWrittenTakesTheEntryForCutOff() {
        int tried = 0;
        for (int size = DATA_BYTES_MIN; size <= DATA_BYTES_MAX; size++) {
            byte[] data = new byte[size];
            data[size - 1] = 1;
            byte[] content = logEndingWith(data);
            int sector = endOfTheZeros(content, size) / Disk.SECTOR_BYTES * Disk.SECTOR_BYTES;
            if (sector > 0) { // the first one holds what was durable before
                Arrays.fill(content, sector, content.length, (byte) 0);
                assertThat(entriesFoundIn(content)).as("size %d", size).isEqualTo(1);
                tried++;
            }
        }
        assertThat(tried).isGreaterThan(100);
    }

    @Test
    void openWhenTheOnlyBitOfASectorTurnedOverNeverDropsTheEntry() {
        for (int size = DATA_BYTES_MIN; size <= DATA_BYTES_MAX; size++) {
            byte[] data = new byte[size];
            data[size - 1] = 1;
            byte[] content = logEndingWith(data);
            assertThat(entriesFoundIn(content.clone())).as("size %d", size).isEqualTo(2);
            for (int at = endOfTheZeros(content, size); at < content.length; at++) {
                for (int bits = content[at] & 0xff; bits != 0; bits &= bits - 1) {
                    byte[] flipped = content.clone();
                    flipped[at] ^= (byte) Integer.lowestOneBit(bits);
                    if (entriesFoundIn(flipped) == 1) {
                        fail("with " + size + " bytes of data a bit of byte " + at + " takes the entry away unseen");
                    }
                }
            }
        }
    }
}
