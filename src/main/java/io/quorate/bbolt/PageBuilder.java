package io.quorate.bbolt;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Gathers the elements of one page, leaf or branch, and lays them out: header, elements, then keys and values one behind the other. Its
 * buffer is used again for the next page.
 */
final class PageBuilder {

    private final int kind;
    private final List<byte[]> keys = new ArrayList<>();
    private final List<byte[]> values = new ArrayList<>();
    private final List<Integer> flags = new ArrayList<>();
    private final List<Long> children = new ArrayList<>();
    private int bytes = PageFormat.HEADER;
    private ByteBuffer buffer = ByteBuffer.allocate(PageFormat.PAGE_SIZE).order(ByteOrder.LITTLE_ENDIAN);

    /** @param kind {@link PageFormat#LEAF} or {@link PageFormat#BRANCH} */
    PageBuilder(int kind) {
        this.kind = kind;
    }

    boolean isEmpty() {
        return keys.isEmpty();
    }

    /** Whether another element would make the page run on into the next one; an empty page takes any. */
    boolean isFullFor(int keyAndValueBytes) {
        return !keys.isEmpty()
                && (bytes + PageFormat.LEAF_ELEMENT + keyAndValueBytes > PageFormat.PAGE_SIZE
                        || keys.size() == PageFormat.COUNT_MAX);
    }

    void addRecord(int flag, byte[] key, byte[] value) {
        keys.add(key);
        values.add(value);
        flags.add(flag);
        bytes += PageFormat.LEAF_ELEMENT + key.length + value.length;
    }

    void addChild(byte[] firstKey, long page) {
        keys.add(firstKey);
        children.add(page);
        bytes += PageFormat.BRANCH_ELEMENT + firstKey.length;
    }

    byte[] firstKey() {
        return keys.getFirst();
    }

    /** How many pages of the file it takes. */
    int pages() {
        return (bytes + PageFormat.PAGE_SIZE - 1) / PageFormat.PAGE_SIZE;
    }

    /**
     * The bytes of the page, whole pages of the file, and empties this builder. The buffer is good until the next call.
     *
     * @param number of the page
     */
    ByteBuffer build(long number) {
        int size = pages() * PageFormat.PAGE_SIZE;
        if (buffer.capacity() < size || buffer.capacity() > PageFormat.PAGE_SIZE * 64 && size < buffer.capacity() / 2) {
            buffer = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        }
        buffer.clear().limit(size);
        buffer.putLong(number)
                .putShort((short) kind)
                .putShort((short) keys.size())
                .putInt(pages() - 1);
        int data = PageFormat.HEADER + keys.size() * PageFormat.LEAF_ELEMENT;
        for (int i = 0; i < keys.size(); i++) {
            data = kind == PageFormat.LEAF ? putRecord(i, data) : putChild(i, data);
        }
        Arrays.fill(buffer.array(), data, size, (byte) 0);
        keys.clear();
        values.clear();
        flags.clear();
        children.clear();
        bytes = PageFormat.HEADER;
        return buffer.position(0);
    }

    private int putRecord(int i, int data) {
        byte[] key = keys.get(i);
        byte[] value = values.get(i);
        int element = buffer.position();
        buffer.putInt(flags.get(i)).putInt(data - element).putInt(key.length).putInt(value.length);
        buffer.put(data, key).put(data + key.length, value);
        return data + key.length + value.length;
    }

    private int putChild(int i, int data) {
        byte[] key = keys.get(i);
        int element = buffer.position();
        buffer.putInt(data - element).putInt(key.length).putLong(children.get(i));
        buffer.put(data, key);
        return data + key.length;
    }
}
