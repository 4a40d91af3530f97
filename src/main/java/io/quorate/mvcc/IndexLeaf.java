package io.quorate.mvcc;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A leaf of the {@link KeyIndex}: up to {@link #KEYS_MAX} keys in order, packed into few arrays.
 *
 * <p>What all keys of the leaf begin with is stored once ({@code prefix}); the rests stand one behind the other in
 * {@code block}, rest {@code i} ending at {@code ends[i]}. Example: the keys {@code app/1}, {@code app/12} and
 * {@code app/2} are the prefix {@code app/}, the block {@code 1122} and the ends {@code 1, 3, 4}. The arrays grow in
 * small steps, so that little is kept in reserve. Leases are rare, so their array exists only in leaves that need it.
 */
final class IndexLeaf extends IndexNode {

    static final int KEYS_MAX = 64;
    private static final int KEYS_MIN = KEYS_MAX / 4;
    private static final int KEYS_AFTER_MERGE_MAX = KEYS_MAX * 3 / 4;
    /** Leaves with long keys are split earlier, since an insertion moves the bytes behind it. */
    private static final int BLOCK_BYTES_MAX = 32 * 1024;

    private static final int GROWTH = 8;
    private static final int FIELDS = 3;
    private static final byte[] NO_BYTES = {};

    private byte[] prefix = NO_BYTES;
    private byte[] block = NO_BYTES;
    private int[] ends = {};
    private long[] meta = {};
    private long @Nullable [] leases;
    private int length;

    @Nullable
    IndexLeaf previous;

    @Nullable
    IndexLeaf next;

    @Override
    int size() {
        return length;
    }

    /** The position of the key, or {@code -(insertion point) - 1} when it is absent. */
    int find(byte[] key) {
        int differs = Arrays.mismatch(key, prefix);
        if (differs >= 0 && differs < prefix.length) {
            boolean below = differs == key.length || (key[differs] & 0xff) < (prefix[differs] & 0xff);
            return below ? -1 : -length - 1;
        }
        int low = 0;
        int high = length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Arrays.compareUnsigned(block, start(middle), ends[middle], key, prefix.length, key.length);
            if (order < 0) {
                low = middle + 1;
            } else if (order > 0) {
                high = middle - 1;
            } else {
                return middle;
            }
        }
        return -low - 1;
    }

    byte[] keyAt(int position) {
        int from = start(position);
        int rest = ends[position] - from;
        byte[] key = Arrays.copyOf(prefix, prefix.length + rest);
        System.arraycopy(block, from, key, prefix.length, rest);
        return key;
    }

    KeyMeta metaAt(int position) {
        int at = position * FIELDS;
        return new KeyMeta(meta[at], meta[at + 1], meta[at + 2], leases == null ? 0 : leases[position]);
    }

    void setMeta(int position, KeyMeta value) {
        int at = position * FIELDS;
        meta[at] = value.createRevision();
        meta[at + 1] = value.modRevision();
        meta[at + 2] = value.version();
        if (leases == null && value.lease() != 0) {
            leases = new long[ends.length];
        }
        if (leases != null) {
            leases[position] = value.lease();
        }
    }

    boolean isFull(int keyLength) {
        return length == KEYS_MAX || (length > 1 && blockLength() + keyLength > BLOCK_BYTES_MAX);
    }

    boolean isSmall() {
        return length < KEYS_MIN;
    }

    boolean canAbsorb(IndexLeaf right) {
        return length + right.length <= KEYS_AFTER_MERGE_MAX
                && blockLength() + right.blockLength() + right.length * right.prefix.length <= BLOCK_BYTES_MAX;
    }

    void insert(int position, byte[] key, KeyMeta value) {
        if (length == 0) {
            prefix = key;
        } else {
            int differs = Arrays.mismatch(key, prefix);
            if (differs >= 0 && differs < prefix.length) {
                shortenPrefix(differs);
            }
        }
        int rest = key.length - prefix.length;
        reserve(rest);
        int from = start(position);
        System.arraycopy(block, from, block, from + rest, blockLength() - from);
        System.arraycopy(key, prefix.length, block, from, rest);
        for (int i = length; i > position; i--) {
            ends[i] = ends[i - 1] + rest;
        }
        ends[position] = from + rest;
        System.arraycopy(meta, position * FIELDS, meta, (position + 1) * FIELDS, (length - position) * FIELDS);
        if (leases != null) {
            System.arraycopy(leases, position, leases, position + 1, length - position);
        }
        length++;
        setMeta(position, value);
    }

    void remove(int position) {
        int from = start(position);
        int rest = ends[position] - from;
        System.arraycopy(block, from + rest, block, from, blockLength() - from - rest);
        for (int i = position; i < length - 1; i++) {
            ends[i] = ends[i + 1] - rest;
        }
        int behind = length - position - 1;
        System.arraycopy(meta, (position + 1) * FIELDS, meta, position * FIELDS, behind * FIELDS);
        if (leases != null) {
            System.arraycopy(leases, position + 1, leases, position, behind);
        }
        length--;
    }

    /** Moves the keys from the position on to a new leaf, which becomes the next one. */
    IndexLeaf splitAt(int position) {
        IndexLeaf right = slice(position, length);
        IndexLeaf left = slice(0, position);
        prefix = left.prefix;
        block = left.block;
        ends = left.ends;
        meta = left.meta;
        leases = left.leases;
        length = left.length;
        right.previous = this;
        right.next = next;
        if (next != null) {
            next.previous = right;
        }
        next = right;
        return right;
    }

    /** Takes over all keys of the next leaf and its place in the chain. */
    void absorb(IndexLeaf right) {
        for (int i = 0; i < right.length; i++) {
            insert(length, right.keyAt(i), right.metaAt(i));
        }
        right.unlink();
    }

    /** Leaves the chain. */
    void unlink() {
        if (previous != null) {
            previous.next = next;
        }
        if (next != null) {
            next.previous = previous;
        }
    }

    /** The shortest string above every key of this leaf and not above any of the next one. */
    byte[] separatorTo(IndexLeaf right) {
        byte[] first = right.keyAt(0);
        int differs = Arrays.mismatch(keyAt(length - 1), first);
        return Arrays.copyOf(first, differs + 1);
    }

    /** Gives back what the arrays hold in reserve. */
    void trim() {
        block = Arrays.copyOf(block, blockLength());
        resize(length);
    }

    private IndexLeaf slice(int from, int to) {
        IndexLeaf leaf = new IndexLeaf();
        if (from == to) {
            return leaf;
        }
        int start = start(from);
        int lastStart = start(to - 1);
        int shared = Arrays.mismatch(block, start, ends[from], block, lastStart, ends[to - 1]);
        int common = shared < 0 ? ends[from] - start : shared;
        leaf.prefix = Arrays.copyOf(prefix, prefix.length + common);
        System.arraycopy(block, start, leaf.prefix, prefix.length, common);
        leaf.block = new byte[ends[to - 1] - start - common * (to - from)];
        leaf.ends = new int[to - from];
        int written = 0;
        for (int i = from; i < to; i++) {
            int rest = ends[i] - start(i) - common;
            System.arraycopy(block, start(i) + common, leaf.block, written, rest);
            written += rest;
            leaf.ends[i - from] = written;
        }
        leaf.meta = Arrays.copyOfRange(meta, from * FIELDS, to * FIELDS);
        leaf.leases = leases == null ? null : Arrays.copyOfRange(leases, from, to);
        leaf.length = to - from;
        return leaf;
    }

    private void shortenPrefix(int newLength) {
        int moved = prefix.length - newLength;
        byte[] longer = new byte[blockLength() + moved * length];
        int written = 0;
        for (int i = 0; i < length; i++) {
            int from = start(i);
            int rest = ends[i] - from;
            System.arraycopy(prefix, newLength, longer, written, moved);
            System.arraycopy(block, from, longer, written + moved, rest);
            written += moved + rest;
        }
        for (int i = 0; i < length; i++) {
            ends[i] += moved * (i + 1);
        }
        block = longer;
        prefix = Arrays.copyOf(prefix, newLength);
    }

    private void reserve(int bytes) {
        int needed = blockLength() + bytes;
        if (needed > block.length) {
            block = Arrays.copyOf(block, needed + Math.max(bytes, needed / 8));
        }
        if (length == ends.length) {
            resize(Math.min(KEYS_MAX, length + GROWTH));
        }
    }

    private void resize(int keys) {
        ends = Arrays.copyOf(ends, keys);
        meta = Arrays.copyOf(meta, keys * FIELDS);
        if (leases != null) {
            leases = Arrays.copyOf(leases, keys);
        }
    }

    private int start(int position) {
        return position == 0 ? 0 : ends[position - 1];
    }

    private int blockLength() {
        return length == 0 ? 0 : ends[length - 1];
    }
}
