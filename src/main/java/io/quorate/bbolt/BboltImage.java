package io.quorate.bbolt;

import io.quorate.base.Fault;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Buckets as a bbolt file that exists only while it is read: its size is known before its first byte, and no more than a page of each
 * level is in memory. The records are read twice: to measure, and to write. Any thread; each stream by one at a time.
 */
public final class BboltImage {

    /** Two meta pages and the list of free pages, which is empty. */
    private static final long FIRST_TREE_PAGE = 3;

    private static final int FREELIST_PAGE = 2;

    private final List<Bucket> buckets;
    private final long root;
    private final long pages;

    private BboltImage(List<Bucket> buckets, long root, long pages) {
        this.buckets = buckets;
        this.root = root;
        this.pages = pages;
    }

    /**
     * Measures buckets.
     *
     * @param buckets in ascending order of names; what they hold must not change any more
     */
    public static BboltImage of(List<Bucket> buckets) {
        try (ImagePages measured = new ImagePages(buckets, FIRST_TREE_PAGE)) {
            while (measured.next() != null) {
                // counts
            }
            return new BboltImage(buckets, measured.root(), measured.end());
        }
    }

    /** The size of the file in bytes. */
    public long size() {
        return pages * PageFormat.PAGE_SIZE;
    }

    /** The bytes of the file, from the first on. Throws what the buckets' records throw. */
    public InputStream open() {
        ImagePages trees = new ImagePages(buckets, FIRST_TREE_PAGE);
        return new PageStream(
                head(),
                () -> {
                    ByteBuffer page = trees.next();
                    if (page == null) {
                        Fault.check(
                                trees.root() == root && trees.end() == pages,
                                "the buckets changed since they were measured");
                    }
                    return page;
                },
                trees::close);
    }

    private ByteBuffer head() {
        ByteBuffer head = ByteBuffer.allocate((int) FIRST_TREE_PAGE * PageFormat.PAGE_SIZE)
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int copy = 0; copy < FREELIST_PAGE; copy++) {
            putHeader(head, copy, PageFormat.META);
            // An even transaction stands in the first copy, an odd one in the second. The newer one counts.
            new Meta(PageFormat.PAGE_SIZE, root, FREELIST_PAGE, pages, copy).put(head);
        }
        putHeader(head, FREELIST_PAGE, PageFormat.FREELIST);
        return head.rewind();
    }

    private static void putHeader(ByteBuffer head, int page, int kind) {
        head.position(page * PageFormat.PAGE_SIZE);
        head.putLong(page).putShort((short) kind).putShort((short) 0).putInt(0);
    }

    /** A bucket's name as its key in the root. */
    static byte[] nameOf(Bucket bucket) {
        return bucket.name().getBytes(StandardCharsets.US_ASCII);
    }
}
