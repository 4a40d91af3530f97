package io.quorate.bbolt;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Gathers the elements of one page, leaf or branch, and lays them out: header, elements, then keys and values one behind the other. Its
 * buffers are used again for the next page.
 */
final class PageBuilder {

    private static final byte[] NO_KEY = {};

    /** Buffers above this many bytes are given back once a page needs less than half of them. */
    private static final int KEPT_BYTES = PageFormat.PAGE_SIZE * 64;

    private final int kind;
    private final int elementBytes;
    private ByteBuffer elements = allocate(PageFormat.PAGE_SIZE);
    private ByteBuffer data = allocate(PageFormat.PAGE_SIZE);
    private ByteBuffer page = allocate(PageFormat.PAGE_SIZE);
    private byte[] firstKey = NO_KEY;
    private int count;

    /** @param kind {@link PageFormat#LEAF} or {@link PageFormat#BRANCH} */
    PageBuilder(int kind) {
        this.kind = kind;
        this.elementBytes = kind == PageFormat.LEAF ? PageFormat.LEAF_ELEMENT : PageFormat.BRANCH_ELEMENT;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Whether another element would make the page run on into the next one; an empty page takes any. */
    boolean isFullFor(int keyAndValueBytes) {
        return count > 0
                && (bytes() + elementBytes + keyAndValueBytes > PageFormat.PAGE_SIZE || count == PageFormat.COUNT_MAX);
    }

    /** Copies a record; the value is read to its end. */
    void addRecord(int flag, byte[] key, ByteBuffer value) {
        int at = data.position();
        begin(key, value.remaining());
        elements.putInt(flag).putInt(at).putInt(key.length).putInt(value.remaining());
        data.put(key).put(value);
    }

    void addChild(byte[] key, long child) {
        int at = data.position();
        begin(key, 0);
        elements.putInt(at).putInt(key.length).putLong(child);
        data.put(key);
    }

    private void begin(byte[] key, int valueBytes) {
        if (count++ == 0) {
            firstKey = key;
        }
        elements = withRoom(elements, elementBytes);
        data = withRoom(data, key.length + valueBytes);
    }

    byte[] firstKey() {
        return firstKey;
    }

    /** How many pages of the file it takes. */
    int pages() {
        return (bytes() + PageFormat.PAGE_SIZE - 1) / PageFormat.PAGE_SIZE;
    }

    private int bytes() {
        return PageFormat.HEADER + elements.position() + data.position();
    }

    /**
     * The bytes of the page, whole pages of the file, and empties this builder. The buffer is good until the next call.
     *
     * @param number of the page
     */
    ByteBuffer build(long number) {
        int size = pages() * PageFormat.PAGE_SIZE;
        if (page.capacity() < size || isTooLarge(page, size)) {
            page = allocate(size);
        }
        page.clear().limit(size);
        page.putLong(number).putShort((short) kind).putShort((short) count).putInt(pages() - 1);
        placeElements();
        page.put(elements.flip()).put(data.flip());
        Arrays.fill(page.array(), page.position(), size, (byte) 0);
        empty();
        return page.position(0);
    }

    /** Positions go from the beginning of an element to its key, and are known when all elements are. */
    private void placeElements() {
        int position = kind == PageFormat.LEAF ? PageFormat.LEAF_POSITION_AT : 0;
        for (int i = 0; i < count; i++) {
            int element = i * elementBytes;
            int at = element + position;
            elements.putInt(at, elements.position() - element + elements.getInt(at));
        }
    }

    private void empty() {
        elements = isTooLarge(elements, elements.limit()) ? allocate(PageFormat.PAGE_SIZE) : elements.clear();
        data = isTooLarge(data, data.limit()) ? allocate(PageFormat.PAGE_SIZE) : data.clear();
        firstKey = NO_KEY;
        count = 0;
    }

    private static boolean isTooLarge(ByteBuffer buffer, int used) {
        return buffer.capacity() > KEPT_BYTES && used < buffer.capacity() / 2;
    }

    private static ByteBuffer withRoom(ByteBuffer buffer, int bytes) {
        if (buffer.remaining() >= bytes) {
            return buffer;
        }
        return allocate(Math.max(buffer.capacity() * 2, buffer.position() + bytes))
                .put(buffer.flip());
    }

    private static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
