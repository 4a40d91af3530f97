package io.quorate.node.wal;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.node.wal.PlainLog.Frame;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Power cuts at any moment: every unsynced sector survives or not as chance has it, in any combination. The log must
 * always open, with everything that was synced and nothing that was not written.
 */
@ExtendWith(QuietLog.class)
class WalCrashTests {

    private static final int SEEDS = Integer.getInteger("wal.seeds", 300);
    private static final int SEGMENT_BYTES = 8 << 10;
    private static final int CRASHES = 4;

    @Test
    void openAfterPowerCutsGivesWhatWasSyncedAndNothingElse() throws InvalidProtocolBufferException {
        int cuts = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            cuts += crashRepeatedly(seed);
        }
        assertThat(cuts).as("crashes that tore a write").isGreaterThan(SEEDS / 10);
    }

    /** How often a tail was cut. */
    private int crashRepeatedly(int seed) throws InvalidProtocolBufferException {
        Random random = new Random(seed);
        MemoryDisk disk = new MemoryDisk();
        Wal wal = Wal.create(LogScript.DIRECTORY, LogScript.METADATA, LogScript.options(disk, SEGMENT_BYTES));
        LogScript script = new LogScript(random);
        int cuts = 0;
        for (int crash = 0; crash < CRASHES; crash++) {
            int synced = runUntilCrash(random, disk, wal, script);
            List<Frame> written = LogFiles.frames(disk);
            disk = disk.crash(random);
            Wal.Recovery recovery = open(seed, crash, disk);
            cuts += recovery.tailCut() ? 1 : 0;
            assertThat(PlainLog.knowledge(written, WalSnapshot.NONE).subList(synced, written.size() + 1))
                    .as("seed %d, crash %d", seed, crash)
                    .contains(PlainLog.knowledge(recovery));
            wal = recovery.wal();
            script = new LogScript(random, recovery);
        }
        return cuts;
    }

    private static Wal.Recovery open(int seed, int crash, MemoryDisk disk) {
        try {
            return Wal.open(LogScript.DIRECTORY, WalSnapshot.NONE, LogScript.options(disk, SEGMENT_BYTES));
        } catch (WalCorruptException refused) {
            throw new AssertionError("seed " + seed + ", crash " + crash, refused);
        }
    }

    /** Returns how many frames are durable for certain. */
    private static int runUntilCrash(Random random, MemoryDisk disk, Wal wal, LogScript script)
            throws InvalidProtocolBufferException {
        int batches = random.nextInt(6);
        for (int i = 0; i < batches; i++) {
            script.appendBatch(wal, 5);
            wal.sync();
        }
        int synced = LogFiles.frames(disk).size();
        for (int i = random.nextInt(3); i >= 0; i--) {
            script.appendBatch(wal, 8);
        }
        return synced;
    }
}
