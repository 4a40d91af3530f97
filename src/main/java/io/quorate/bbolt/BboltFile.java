package io.quorate.bbolt;

import io.quorate.base.FileFailure;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A bbolt file that is read. What its bytes say is checked before it is followed: a file that was cut or changed ends in a
 * {@link BboltException}, never in an endless walk or in memory that the file alone asks for. Used by one thread.
 */
public final class BboltFile implements Closeable {

    /** The meta pages are within them, whatever the size of a page is. */
    public static final int BEGINNING_BYTES = PageFormat.PAGE_SIZE_MAX + PageFormat.HEADER + Meta.BYTES;

    private final Path path;
    private final FileChannel channel;
    private final Meta meta;

    private BboltFile(Path path, FileChannel channel, Meta meta) {
        this.path = path;
        this.channel = channel;
        this.meta = meta;
    }

    /**
     * Opens a file and checks its meta pages. What stands behind its last page, like a checksum, is not looked at.
     *
     * @throws BboltException if it is no bbolt file, or shorter than it says
     * @throws IOException if it cannot be read
     */
    public static BboltFile open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            return new BboltFile(file, channel, newestMeta(channel));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** The second copy is behind the first page, whose size only a copy tells: so it is looked for at every size. */
    private static Meta newestMeta(FileChannel channel) throws IOException {
        Meta newest = newestMeta(offset -> metaAt(channel, offset));
        checkLength(newest, channel.size());
        return newest;
    }

    /** Reads the meta page at an offset; null if none is there. */
    private interface MetaReader {
        @Nullable
        Meta at(int offset) throws IOException;
    }

    private static Meta newestMeta(MetaReader metas) throws IOException {
        Meta newest = metas.at(0);
        for (int size = PageFormat.PAGE_SIZE_MIN; size <= PageFormat.PAGE_SIZE_MAX; size *= 2) {
            Meta second = metas.at(size);
            if (second != null
                    && second.pageSize() == size
                    && (newest == null || second.transaction() > newest.transaction())) {
                newest = second;
            }
        }
        if (newest == null) {
            throw new BboltException(0, "no valid meta page; this is no bbolt file, or its beginning is damaged");
        }
        checkSizes(newest);
        return newest;
    }

    /**
     * How long the pages are of a file that begins so.
     *
     * @param beginning its first {@link #BEGINNING_BYTES} bytes, or all if it is shorter
     * @throws BboltException if it is no bbolt file
     */
    public static long announcedBytes(byte[] beginning) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(beginning).order(ByteOrder.LITTLE_ENDIAN);
        Meta newest = newestMeta(offset -> Meta.parse(bytes, offset + PageFormat.HEADER));
        return newest.highWater() * newest.pageSize();
    }

    private static @Nullable Meta metaAt(FileChannel channel, long offset) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(PageFormat.HEADER + Meta.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining() && channel.read(bytes, offset + bytes.position()) >= 0) {
            // reads on
        }
        bytes.flip();
        return Meta.parse(bytes, PageFormat.HEADER);
    }

    private static void checkSizes(Meta meta) {
        int size = meta.pageSize();
        if (size < PageFormat.PAGE_SIZE_MIN || size > PageFormat.PAGE_SIZE_MAX || Integer.bitCount(size) != 1) {
            throw new BboltException(0, "pages of " + size + " bytes");
        }
        if (meta.highWater() < 2 || meta.highWater() > Long.MAX_VALUE / size) {
            throw new BboltException(0, "a file of " + meta.highWater() + " pages");
        }
    }

    private static void checkLength(Meta meta, long fileBytes) {
        int size = meta.pageSize();
        if (fileBytes < meta.highWater() * size) {
            throw new BboltException(
                    fileBytes,
                    "the file ends here, but it has " + meta.highWater() + " pages of " + size + " bytes: it was cut");
        }
    }

    /** The meta page that counts. */
    public Meta meta() {
        return meta;
    }

    /** Bytes of all pages; a checksum may stand behind them. */
    public long size() {
        return meta.highWater() * meta.pageSize();
    }

    /** The names of all buckets, in their order. */
    public List<String> buckets() {
        List<String> names = new ArrayList<>();
        try (TreeCursor root = root(page -> {})) {
            while (root.next()) {
                names.add(new String(root.key(), StandardCharsets.UTF_8));
            }
        }
        return names;
    }

    /** The records of a bucket; none if there is no such bucket. Opened for one reader. */
    public BucketRecords records(String bucket) {
        byte[] name = bucket.getBytes(StandardCharsets.UTF_8);
        try (TreeCursor root = root(page -> {})) {
            while (root.next()) {
                if (Arrays.equals(root.key(), name)) {
                    return tree(root, page -> {});
                }
            }
        }
        return Bucket.of(bucket, Map.of()).records().get();
    }

    /** The bucket of buckets. */
    TreeCursor root(Consumer<Page> entered) {
        return new TreeCursor(this, page(meta.root()), PageFormat.BUCKET, entered);
    }

    /** The tree of the bucket at which the cursor over the root stands. */
    TreeCursor tree(TreeCursor root, Consumer<Page> entered) {
        byte[] header = root.value();
        if (header.length < PageFormat.BUCKET_HEADER) {
            throw root.damaged("the header of a bucket has " + header.length + " bytes");
        }
        ByteBuffer numbers = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        long page = numbers.getLong(0);
        return new TreeCursor(this, page == 0 ? inline(root, numbers) : page(page), 0, entered);
    }

    private static Page inline(TreeCursor root, ByteBuffer value) {
        ByteBuffer content = value.position(PageFormat.BUCKET_HEADER).slice().order(ByteOrder.LITTLE_ENDIAN);
        if (content.remaining() < PageFormat.HEADER) {
            throw root.damaged("a bucket without a page of its own has no page inside either");
        }
        return new Page(content, root.valueOffset() + PageFormat.BUCKET_HEADER);
    }

    /**
     * Reads a page with its overflow.
     *
     * @throws BboltException if it does not lie in the file or is not the page of that number
     */
    Page page(long number) {
        int size = meta.pageSize();
        if (number < 2 || number >= meta.highWater()) {
            throw new BboltException(0, "page " + number + " is named, but there are " + meta.highWater() + " pages");
        }
        long offset = number * size;
        ByteBuffer first = read(offset, size);
        long overflow = first.getInt(PageFormat.OVERFLOW_AT) & 0xffffffffL;
        if (first.getLong(0) != number) {
            throw new BboltException(offset, "page " + number + " says that it is page " + first.getLong(0));
        }
        if (number + overflow >= meta.highWater() || (overflow + 1) * size > Integer.MAX_VALUE) {
            throw new BboltException(
                    offset + PageFormat.OVERFLOW_AT, "page " + number + " runs on over " + overflow + " pages");
        }
        return new Page(overflow == 0 ? first : read(offset, (int) (overflow + 1) * size), offset);
    }

    private ByteBuffer read(long offset, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        try {
            while (bytes.hasRemaining()) {
                if (channel.read(bytes, offset + bytes.position()) < 0) {
                    throw new BboltException(offset + bytes.position(), "the file ends here");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(FileFailure.at(path, e));
        }
        return bytes.flip();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
