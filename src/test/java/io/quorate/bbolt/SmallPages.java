package io.quorate.bbolt;

import static io.quorate.fixture.Expected.present;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Makes the smallest file there can be of one whose pages are nearly empty, so that each of its bits can be tried. */
public final class SmallPages {

    private SmallPages() {}

    /** The same file with pages of 512 bytes. */
    public static byte[] of(byte[] image) {
        int pages = image.length / PageFormat.PAGE_SIZE;
        ByteBuffer small = ByteBuffer.allocate(pages * PageFormat.PAGE_SIZE_MIN).order(ByteOrder.LITTLE_ENDIAN);
        for (int page = 0; page < pages; page++) {
            byte[] whole = Arrays.copyOfRange(image, page * PageFormat.PAGE_SIZE, (page + 1) * PageFormat.PAGE_SIZE);
            for (int at = PageFormat.PAGE_SIZE_MIN; at < whole.length; at++) {
                if (whole[at] != 0) {
                    throw new AssertionError("page " + page + " has more than fits");
                }
            }
            small.put(page * PageFormat.PAGE_SIZE_MIN, whole, 0, PageFormat.PAGE_SIZE_MIN);
        }
        for (int copy = 0; copy < 2; copy++) {
            int at = copy * PageFormat.PAGE_SIZE_MIN + PageFormat.HEADER;
            Meta meta = present(Meta.parse(small, at));
            new Meta(PageFormat.PAGE_SIZE_MIN, meta.root(), meta.freelist(), meta.highWater(), meta.transaction())
                    .put(small.position(at));
        }
        return small.array();
    }
}
