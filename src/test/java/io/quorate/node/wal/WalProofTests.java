package io.quorate.node.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.node.wal.PlainLog.Frame;
import io.quorate.node.wal.PlainLog.Knowledge;
import io.quorate.raft.ConfState;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The proof that recovery never lies: every bit of the newest segment is flipped, the segment is cut and wiped from every
 * byte on, and each time the log opens with exactly what was durable or refuses.
 */
@ExtendWith(QuietLog.class)
class WalProofTests {

    private static final int SEGMENT_BYTES = 8 << 10;
    private static final int RECORDS_MIN = 400;

    private MemoryDisk disk = new MemoryDisk();
    private WalSettings options = WalSettings.DEFAULT;
    private Path newest = LogScript.DIRECTORY;
    private byte[] segment = {};
    private List<Frame> frames = List.of();
    private List<Frame> allFrames = List.of();
    private WalSnapshot note = WalSnapshot.NONE;
    private List<Knowledge> knowledge = List.of();
    private List<Knowledge> knowledgeBehindNote = List.of();

    @BeforeEach
    void writeLog() throws InvalidProtocolBufferException {
        disk = new MemoryDisk();
        options = LogScript.options(disk, SEGMENT_BYTES);
        note = WalSnapshot.NONE;
        LogScript script = new LogScript(new Random(Integer.getInteger("wal.seed", 7)));
        try (Wal wal = Wal.create(LogScript.DIRECTORY, LogScript.METADATA, options)) {
            do {
                script.appendBatch(wal, 6);
                wal.sync();
                SegmentName name = LogFiles.names(disk).getLast();
                if (note.index() < name.index() && script.committed() >= name.index()) {
                    note = new WalSnapshot(script.committed(), script.termOf(script.committed()), ConfState.EMPTY);
                    wal.append(script.state(), List.of());
                    wal.appendSnapshot(note);
                }
                allFrames = LogFiles.frames(disk);
                newest = LogScript.DIRECTORY.resolve(name.toString());
                frames = PlainLog.frames(disk.bytes(newest));
            } while (allFrames.size() < RECORDS_MIN
                    || note.index() < LogFiles.names(disk).getLast().index()
                    || frames.getLast().end() < SEGMENT_BYTES * 2 / 3);
        }
        segment = disk.bytes(newest).clone();
        frames = PlainLog.frames(segment);
        allFrames = LogFiles.frames(disk);
        assertThat(LogFiles.names(disk).size()).isGreaterThan(2);
        knowledge = PlainLog.knowledge(allFrames, WalSnapshot.NONE);
        knowledgeBehindNote = PlainLog.knowledge(allFrames, note);
    }

    /** What recovery gives when the newest segment has this content; null when it refuses. */
    private @Nullable Knowledge reopen(byte[] content, WalSnapshot from) {
        disk.put(newest, content);
        try {
            Wal.Recovery recovery = Wal.open(LogScript.DIRECTORY, from, options);
            recovery.wal().close();
            assertThat(recovery.metadata()).isEqualTo(LogScript.METADATA);
            return PlainLog.knowledge(recovery);
        } catch (WalCorruptException refused) {
            assertThat(refused.file().startsWith(LogScript.DIRECTORY)).isTrue();
            return null;
        }
    }

    @Test
    void openWhenAnyBitOfTheNewestSegmentFlippedGivesEverythingOrRefuses() {
        Knowledge expected = knowledgeBehindNote.getLast();
        assertThat(reopen(segment.clone(), note)).isEqualTo(expected);
        int written = frames.getLast().end();
        int accepted = 0;
        for (int bit = 0; bit < (written + Disk.SECTOR_BYTES) * 8; bit++) {
            byte[] flipped = segment.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Knowledge found = reopen(flipped, note);
            if (found != null && !found.equals(expected)) {
                fail("bit " + bit % 8 + " of byte " + bit / 8 + ": " + found + " instead of " + expected);
            }
            accepted += found != null && bit / 8 < written ? 1 : 0;
        }
        assertThat(accepted).as("bits that nothing depends on").isEqualTo(8 * paddingBytes());
    }

    private int paddingBytes() {
        int padding = 0;
        int start = 0;
        for (Frame frame : frames) {
            padding += frame.end() - start - 8 - frame.record().getSerializedSize();
            start = frame.end();
        }
        return padding;
    }

    @Test
    void openWhenNewestSegmentCutAnywhereGivesThePrefix() {
        int head = headBytes();
        for (int end = 0; end <= frames.getLast().end(); end++) {
            Knowledge found = reopenPrefix(Arrays.copyOf(segment, end), end);
            if (end >= head || found != null) {
                assertThat(found).as("cut at %d", end).isEqualTo(prefix(end));
            }
        }
    }

    @Test
    void openWhenNewestSegmentWipedFromAnywhereGivesThePrefixOrRefuses() {
        int head = headBytes();
        for (int end = 0; end <= frames.getLast().end(); end++) {
            byte[] wiped = Arrays.copyOf(Arrays.copyOf(segment, end), segment.length);
            int whole = effectiveEnd(wiped, end);
            Knowledge found = reopenPrefix(wiped, whole);
            if (found != null || (end % Disk.SECTOR_BYTES == 0 && end >= head)) {
                assertThat(found).as("wiped from %d", end).isEqualTo(prefix(whole));
            }
        }
    }

    /** Checksum and metadata, without which no segment is accepted. */
    private int headBytes() {
        return frames.get(1).end();
    }

    /** From the note of the snapshot on, where it is whole, which saves reading the older segments. */
    private @Nullable Knowledge reopenPrefix(byte[] content, int end) {
        return reopen(content, end >= noteEnd() ? note : WalSnapshot.NONE);
    }

    private int noteEnd() {
        return frames.stream()
                .filter(frame -> frame.record().getType() == 5)
                .findFirst()
                .orElseThrow()
                .end();
    }

    private Knowledge prefix(int end) {
        int before = allFrames.size() - frames.size();
        int whole = (int) frames.stream().filter(frame -> frame.end() <= end).count();
        return (end >= noteEnd() ? knowledgeBehindNote : knowledge).get(before + whole);
    }

    /** A frame whose last bytes are zero anyway is whole although they were wiped. */
    private int effectiveEnd(byte[] wiped, int end) {
        int whole = end;
        for (Frame frame : frames) {
            if (frame.end() > end && Arrays.equals(wiped, 0, frame.end(), segment, 0, frame.end())) {
                whole = frame.end();
            }
        }
        return whole;
    }

    @Test
    void openWhenAnyByteOfAnOlderSegmentChangedRefuses() {
        Path older = LogScript.DIRECTORY.resolve(
                LogFiles.names(disk).get(LogFiles.names(disk).size() - 2).toString());
        byte[] bytes = disk.bytes(older).clone();
        Knowledge expected = reopen(segment.clone(), WalSnapshot.NONE);
        for (int at = 0; at < bytes.length; at += 7) {
            byte[] changed = bytes.clone();
            changed[at] ^= 0x55;
            disk.put(older, changed);
            Knowledge found = reopen(segment.clone(), WalSnapshot.NONE);
            if (found != null) {
                assertThat(found).as("byte %d", at).isEqualTo(expected);
            }
        }
    }

    @Test
    void openWhenAnySectorBeforeTheLastBatchIsLostRefuses() {
        int lastBatch = lastBatchStart();
        for (int sector = 0; sector + Disk.SECTOR_BYTES <= lastBatch; sector += Disk.SECTOR_BYTES) {
            byte[] damaged = segment.clone();
            Arrays.fill(damaged, sector, sector + Disk.SECTOR_BYTES, (byte) 0);
            boolean wasZero = Arrays.equals(damaged, segment);
            assertThat(reopen(damaged, WalSnapshot.NONE))
                    .as("sector at %d", sector)
                    .isEqualTo(wasZero ? knowledge.getLast() : null);
        }
    }

    private int lastBatchStart() {
        int start = 0;
        int batch = 0;
        for (Frame frame : frames) {
            if (frame.record().getType() == 4 && !frame.record().hasData()) {
                batch = start;
            }
            start = frame.end();
        }
        return batch;
    }
}
