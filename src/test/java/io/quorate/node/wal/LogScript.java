package io.quorate.node.wal;

import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.HardState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/** Writes a log as a member would: elections, entries of all kinds and sizes, replaced entries, commits. */
final class LogScript {

    static final Path DIRECTORY = Path.of("/member/wal");
    static final byte[] METADATA = {8, 1, 16, 2, 33, 44};

    /** A member id as etcd makes them. */
    private static final long MEMBER = 0x8e9e05c52164694dL;

    private final RandomGenerator random;
    private final List<Long> terms = new ArrayList<>(List.of(0L));
    private long term = 1;
    private long vote = MEMBER;
    private long commit;

    LogScript(RandomGenerator random) {
        this.random = random;
    }

    /** Goes on where a recovered log ends. */
    LogScript(RandomGenerator random, Wal.Recovery recovery) {
        this(random);
        recovery.entries().forEach(entry -> terms.add(entry.term()));
        term = Math.max(1, Math.max(recovery.hardState().term(), terms.getLast()));
        vote = recovery.hardState().vote();
        commit = recovery.hardState().commit();
    }

    static WalSettings options(Disk disk, long segmentBytes) {
        Executor inPlace = Runnable::run;
        return WalSettings.DEFAULT.toBuilder()
                .disk(disk)
                .segmentBytes(segmentBytes)
                .bufferBytes(2048)
                .background(inPlace)
                .build();
    }

    long lastIndex() {
        return terms.size() - 1;
    }

    long committed() {
        return commit;
    }

    long termOf(long index) {
        return terms.get((int) index);
    }

    HardState state() {
        return new HardState(term, vote, commit);
    }

    /** Appends one batch; the caller syncs or not. */
    void appendBatch(Wal wal, int entriesMax) {
        if (random.nextInt(8) == 0) {
            term++;
            vote = random.nextBoolean() ? MEMBER : 0;
            replaceUncommitted();
        }
        List<Entry> entries = new ArrayList<>();
        int count = random.nextInt(entriesMax + 1);
        for (int i = 0; i < count; i++) {
            entries.add(entry());
        }
        if (random.nextInt(3) > 0 || entries.isEmpty()) {
            commit += random.nextLong(lastIndex() - commit + 1);
        }
        wal.append(random.nextInt(5) == 0 ? null : state(), entries);
    }

    private void replaceUncommitted() {
        if (lastIndex() > commit && random.nextBoolean()) {
            long keep = commit + random.nextLong(lastIndex() - commit);
            terms.subList((int) keep + 1, terms.size()).clear();
        }
    }

    private Entry entry() {
        terms.add(term);
        long index = lastIndex();
        return switch (random.nextInt(12)) {
            case 0 -> Entry.empty(term, index);
            case 1 -> new Entry(term, index, EntryType.CONF_CHANGE, bytes(20));
            case 2 -> new Entry(term, index, EntryType.CONF_CHANGE_V2, random.nextBoolean() ? bytes(30) : new byte[0]);
            case 3 -> new Entry(term, index, EntryType.NORMAL, new byte[random.nextInt(1, 900)]);
            case 4 -> new Entry(term, index, EntryType.NORMAL, lastBitOnly(random.nextInt(1, 120)));
            case 5 -> new Entry(term, index, EntryType.NORMAL, bytes(random.nextInt(500, 1500)));
            default -> new Entry(term, index, EntryType.NORMAL, bytes(random.nextInt(1, 60)));
        };
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] lastBitOnly(int length) {
        byte[] bytes = new byte[length];
        bytes[length - 1] = (byte) (1 << random.nextInt(8));
        return bytes;
    }
}
