package io.quorate.bbolt;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A page that was read. Positions and sizes in it are checked before they are followed.
 *
 * @param bytes with the overflow, little endian
 * @param offset where it begins in the file
 */
record Page(ByteBuffer bytes, long offset) {

    long number() {
        return bytes.getLong(0);
    }

    int overflow() {
        return bytes.getInt(PageFormat.OVERFLOW_AT);
    }

    private int flags() {
        return bytes.getShort(PageFormat.FLAGS_AT) & 0xffff;
    }

    int count() {
        return bytes.getShort(PageFormat.COUNT_AT) & 0xffff;
    }

    boolean isLeaf() {
        return flags() == PageFormat.LEAF;
    }

    /** @throws BboltException if it is neither a leaf nor a branch, or its elements do not fit in */
    void checkTree() {
        if (flags() != PageFormat.LEAF && flags() != PageFormat.BRANCH) {
            throw damaged(PageFormat.FLAGS_AT, "a page of a tree is neither leaf nor branch, but " + flags());
        }
        if (PageFormat.HEADER + count() * PageFormat.LEAF_ELEMENT > bytes.limit()) {
            throw damaged(PageFormat.COUNT_AT, "a page has " + count() + " elements");
        }
        if (flags() == PageFormat.BRANCH && count() == 0) {
            throw damaged(PageFormat.COUNT_AT, "a branch without children");
        }
    }

    /** @throws BboltException if it is no list of free pages */
    void checkFreelist() {
        if (flags() != PageFormat.FREELIST) {
            throw damaged(PageFormat.FLAGS_AT, "the list of free pages is a page of kind " + flags());
        }
    }

    int elementFlags(int i) {
        return bytes.getInt(element(i));
    }

    byte[] key(int i) {
        int at = element(i);
        return isLeaf()
                ? part(at, bytes.getInt(at + 4), bytes.getInt(at + 8))
                : part(at, bytes.getInt(at), bytes.getInt(at + 4));
    }

    byte[] value(int i) {
        int at = element(i);
        int keyBytes = bytes.getInt(at + 8);
        return part(at, valuePosition(at, keyBytes), bytes.getInt(at + 12));
    }

    /** @throws BboltException if the value does not lie in the page */
    void checkValue(int i) {
        int at = element(i);
        checkPart(at, valuePosition(at, bytes.getInt(at + 8)), bytes.getInt(at + 12));
    }

    /** Where the value of a record stands in the file. */
    long valueOffset(int i) {
        int at = element(i);
        return offset + at + valuePosition(at, bytes.getInt(at + 8));
    }

    private int valuePosition(int at, int keyBytes) {
        long position = (bytes.getInt(at + 4) & 0xffffffffL) + (keyBytes & 0xffffffffL);
        if (position > bytes.limit()) {
            throw damaged(at, "a value beyond the end of its page");
        }
        return (int) position;
    }

    /** The page of a branch's child. */
    long child(int i) {
        return bytes.getLong(element(i) + 8);
    }

    private static int element(int i) {
        return PageFormat.HEADER + i * PageFormat.LEAF_ELEMENT;
    }

    /** Bytes at a position that counts from an element. */
    private byte[] part(int element, int position, int length) {
        checkPart(element, position, length);
        int from = bytes.arrayOffset() + element + position;
        return Arrays.copyOfRange(bytes.array(), from, from + length);
    }

    private void checkPart(int element, int position, int length) {
        long start = element + (position & 0xffffffffL);
        long end = start + (length & 0xffffffffL);
        if (end > bytes.limit()) {
            throw damaged(element, "a key or value from " + start + " to " + end + " in a page of " + bytes.limit());
        }
    }

    BboltException damaged(int at, String reason) {
        return new BboltException(offset + at, reason);
    }
}
