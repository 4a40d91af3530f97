package io.quorate.bbolt;

import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * Checks a whole file, as {@code bbolt check} does: each page belongs to one tree, once, or is free; keys ascend; positions lie within
 * their page. A file without a list of free pages, as etcd writes them, may have pages that nothing refers to.
 */
public final class FileCheck {

    private final BboltFile file;
    private final BitSet used = new BitSet();
    private long records;
    private long free;

    private FileCheck(BboltFile file) {
        this.file = file;
    }

    /**
     * What a file holds.
     *
     * @param pages all of them
     * @param free those on the list of free pages
     * @param records of all buckets
     */
    public record Report(long pages, long free, long records) {}

    /** @throws BboltException at the first damage */
    public static Report run(BboltFile file) {
        return new FileCheck(file).run();
    }

    private Report run() {
        used.set(0, 2);
        try (TreeCursor root = file.root(this::use)) {
            while (root.next()) {
                count(root);
            }
        }
        if (file.meta().freelist() != Meta.NO_FREELIST) {
            useFree(file.page(file.meta().freelist()));
            int unused = used.nextClearBit(0);
            if (unused < file.meta().highWater()) {
                throw new BboltException(
                        (long) unused * file.meta().pageSize(), "page " + unused + " is neither used nor free");
            }
        }
        return new Report(file.meta().highWater(), free, records);
    }

    private void count(TreeCursor root) {
        try (TreeCursor bucket = file.tree(root, this::use)) {
            while (bucket.next()) {
                bucket.checkValue();
                records++;
            }
        }
    }

    private void useFree(Page list) {
        list.checkFreelist();
        use(list);
        ByteBuffer bytes = list.bytes();
        boolean isLong = list.count() == PageFormat.COUNT_MAX;
        long count = isLong ? bytes.getLong(PageFormat.HEADER) : list.count();
        int first = PageFormat.HEADER + (isLong ? Long.BYTES : 0);
        if (count < 0 || count > (bytes.limit() - first) / Long.BYTES) {
            throw list.damaged(PageFormat.COUNT_AT, "a list of " + count + " free pages");
        }
        for (int i = 0; i < count; i++) {
            use(bytes.getLong(first + i * Long.BYTES), list.offset() + first + (long) i * Long.BYTES);
        }
        free = count;
    }

    private void use(Page page) {
        if (page.number() == 0) {
            return; // inside the header of its bucket
        }
        for (long number = page.number(); number <= page.number() + page.overflow(); number++) {
            use(number, page.offset());
        }
    }

    private void use(long number, long offset) {
        if (number < 2 || number >= file.meta().highWater()) {
            throw new BboltException(offset, "page " + number + " does not exist");
        }
        if (used.get((int) number)) {
            throw new BboltException(offset, "page " + number + " is used twice");
        }
        used.set((int) number);
    }
}
