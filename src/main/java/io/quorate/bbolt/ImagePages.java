package io.quorate.bbolt;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The pages of all trees of a file: one bucket after the other, at last the bucket of buckets. Used by one thread. */
final class ImagePages implements AutoCloseable {

    /** A bucket without records: a header that names no page, and a page without elements behind it. */
    private static final byte[] EMPTY = ByteBuffer.allocate(PageFormat.BUCKET_HEADER + PageFormat.HEADER)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putShort(PageFormat.BUCKET_HEADER + PageFormat.FLAGS_AT, (short) PageFormat.LEAF)
            .array();

    private final Iterator<Bucket> rest;
    private final Map<byte[], byte[]> headers = new HashMap<>();
    private long nextPage;
    private long root;
    private @Nullable OpenTree open;

    /** The bucket whose pages are being made. */
    private record OpenTree(byte[] name, BucketRecords records, TreePages pages) {}

    /** @param firstPage number of the first page that is made */
    ImagePages(List<Bucket> buckets, long firstPage) {
        this.rest = buckets.iterator();
        this.nextPage = firstPage;
    }

    /** The next page with its overflow, good until the next call; null behind the root. */
    @Nullable
    ByteBuffer next() {
        while (root == 0) {
            OpenTree tree = open == null ? begin() : open;
            ByteBuffer page = tree.pages().next();
            if (page != null) {
                return page;
            }
            finish(tree);
        }
        return null;
    }

    /** The page of the bucket of buckets; known at the end. */
    long root() {
        return root;
    }

    /** The number of pages of the file; known at the end. */
    long end() {
        return nextPage;
    }

    private OpenTree begin() {
        Bucket bucket = rest.hasNext() ? rest.next() : Bucket.of("", headers);
        BucketRecords records = bucket.records().get();
        int flag = bucket.name().isEmpty() ? PageFormat.BUCKET : 0;
        OpenTree begun = new OpenTree(BboltImage.nameOf(bucket), records, new TreePages(records, flag, nextPage));
        open = begun;
        return begun;
    }

    private void finish(OpenTree tree) {
        close();
        nextPage = tree.pages().end();
        if (tree.name().length == 0) {
            root = tree.pages().root();
        } else {
            headers.put(
                    tree.name(),
                    tree.pages().isEmpty() ? EMPTY : header(tree.pages().root()));
        }
    }

    private static byte[] header(long page) {
        return ByteBuffer.allocate(PageFormat.BUCKET_HEADER)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(page)
                .array();
    }

    @Override
    public void close() {
        if (open != null) {
            open.records().close();
            open = null;
        }
    }
}
