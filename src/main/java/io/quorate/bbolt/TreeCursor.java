package io.quorate.bbolt;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Walks the records of a tree in order. Keys must ascend from record to record: so no page can be met twice, and the walk ends whatever
 * the file says.
 */
final class TreeCursor implements BucketRecords {

    /** No tree of a file that fits on a disk is that high. */
    private static final int LEVELS_MAX = 40;

    private final BboltFile file;
    private final int recordFlag;
    private final Consumer<Page> entered;
    private final Deque<Place> path = new ArrayDeque<>();
    private byte @Nullable [] key;

    /** A page on the way down, and the element that is being visited. */
    private static final class Place {
        private final Page page;
        private int element = -1;

        Place(Page page) {
            this.page = page;
        }
    }

    /**
     * @param recordFlag the flag that each record must have: 0, or {@link PageFormat#BUCKET}
     * @param entered is given each page of the tree
     */
    TreeCursor(BboltFile file, Page root, int recordFlag, Consumer<Page> entered) {
        this.file = file;
        this.recordFlag = recordFlag;
        this.entered = entered;
        enter(root);
    }

    @Override
    public boolean next() {
        while (!path.isEmpty()) {
            Place place = path.getLast();
            place.element++;
            if (place.element == place.page.count()) {
                path.removeLast();
            } else if (place.page.isLeaf()) {
                take(place);
                return true;
            } else {
                enter(file.page(place.page.child(place.element)));
            }
        }
        return false;
    }

    private void enter(Page page) {
        page.checkTree();
        if (path.size() == LEVELS_MAX) {
            throw page.damaged(0, "pages of branches go round in a circle");
        }
        if (page.count() == 0 && !path.isEmpty()) {
            throw page.damaged(PageFormat.COUNT_AT, "a leaf without records below a branch");
        }
        entered.accept(page);
        path.addLast(new Place(page));
    }

    private void take(Place place) {
        byte[] found = place.page.key(place.element);
        if (key != null && Arrays.compareUnsigned(key, found) >= 0) {
            throw place.page.damaged(
                    0,
                    "the key " + HexFormat.of().formatHex(found) + " stands behind "
                            + HexFormat.of().formatHex(key));
        }
        if (place.page.elementFlags(place.element) != recordFlag) {
            throw place.page.damaged(0, "a record with the flags " + place.page.elementFlags(place.element));
        }
        key = found;
    }

    @Override
    public byte[] key() {
        return key == null ? new byte[0] : key;
    }

    @Override
    public byte[] value() {
        Place place = path.getLast();
        return place.page.value(place.element);
    }

    /** Where the value stands in the file. */
    long valueOffset() {
        Place place = path.getLast();
        return place.page.valueOffset(place.element);
    }

    /** @throws BboltException if the value does not lie in its page */
    void checkValue() {
        path.getLast().page.checkValue(path.getLast().element);
    }

    BboltException damaged(String reason) {
        return new BboltException(valueOffset(), reason);
    }

    @Override
    public void close() {
        path.clear();
    }
}
