package io.quorate.bbolt;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Makes the pages of a B+ tree from sorted records, one after the other and children before their parents, so that only one page of each
 * level is in memory. The last page is the root.
 */
final class TreePages {

    private final BucketRecords records;
    private final int flag;
    private final List<PageBuilder> levels = new ArrayList<>();
    private final Queue<ByteBuffer> ready = new ArrayDeque<>();
    private long nextPage;
    private long root;
    private int closedLevels;
    private boolean recordsEnded;
    private boolean ended;

    /**
     * @param records stays open
     * @param flag of each record: 0, or {@link PageFormat#BUCKET}
     * @param firstPage number of the first page that is made
     */
    TreePages(BucketRecords records, int flag, long firstPage) {
        this.records = records;
        this.flag = flag;
        this.nextPage = firstPage;
        levels.add(new PageBuilder(PageFormat.LEAF));
    }

    /** The next page with its overflow, good until the next call; null behind the root. */
    @Nullable
    ByteBuffer next() {
        while (ready.isEmpty() && !ended) {
            if (!recordsEnded && records.next()) {
                add(records.key(), records.valueInPlace());
            } else {
                recordsEnded = true;
                closeLevel();
            }
        }
        return ready.poll();
    }

    /** Whether there was no record, so that there is no page; known at the end. */
    boolean isEmpty() {
        return root == 0;
    }

    /** The number of the root; known at the end. */
    long root() {
        return root;
    }

    /** The number of the page behind the last one; known at the end. */
    long end() {
        return nextPage;
    }

    private void add(byte[] key, ByteBuffer value) {
        PageBuilder leaf = levels.getFirst();
        if (leaf.isFullFor(key.length + value.remaining())) {
            flush(0);
        }
        leaf.addRecord(flag, key, value);
    }

    private void addChild(int level, byte[] firstKey, long page) {
        if (level == levels.size()) {
            levels.add(new PageBuilder(PageFormat.BRANCH));
        }
        PageBuilder branch = levels.get(level);
        if (branch.isFullFor(firstKey.length)) {
            flush(level);
        }
        branch.addChild(firstKey, page);
    }

    private void flush(int level) {
        PageBuilder builder = levels.get(level);
        byte[] firstKey = builder.firstKey();
        long number = emit(builder);
        addChild(level + 1, firstKey, number);
    }

    private long emit(PageBuilder builder) {
        long number = nextPage;
        nextPage += builder.pages();
        ready.add(builder.build(number));
        return number;
    }

    /**
     * Closes one level; the first without a level above it is the root. One at a time, since a level has one buffer, and closing the
     * level below may have filled its page.
     */
    private void closeLevel() {
        if (closedLevels < levels.size() - 1) {
            flush(closedLevels++);
            return;
        }
        ended = true;
        if (!levels.getFirst().isEmpty() || closedLevels > 0) {
            root = emit(levels.getLast());
        }
    }
}
