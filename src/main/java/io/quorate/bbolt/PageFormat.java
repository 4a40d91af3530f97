package io.quorate.bbolt;

/** Numbers of the format: sizes in bytes, flags of pages and of records. */
final class PageFormat {

    /** Of the files that are written here. Others are read with whatever size they name. */
    static final int PAGE_SIZE = 4096;

    static final int PAGE_SIZE_MIN = 512;
    static final int PAGE_SIZE_MAX = 65536;

    /** Number of the page, flags, count of elements, overflow. */
    static final int HEADER = 16;

    static final int FLAGS_AT = 8;
    static final int COUNT_AT = 10;
    static final int OVERFLOW_AT = 12;

    /** Flags, position, size of the key, size of the value. */
    static final int LEAF_ELEMENT = 16;

    static final int LEAF_POSITION_AT = 4;

    /** Position, size of the key, page of the child. */
    static final int BRANCH_ELEMENT = 16;

    /** The value of a bucket: its root page and a sequence. */
    static final int BUCKET_HEADER = 16;

    static final int BRANCH = 0x01;
    static final int LEAF = 0x02;
    static final int META = 0x04;
    static final int FREELIST = 0x10;

    /** Flag of a record whose value is a bucket. */
    static final int BUCKET = 0x01;

    /** The most elements that a page can count; a list of free pages that is longer counts elsewhere. */
    static final int COUNT_MAX = 0xffff;

    private PageFormat() {}
}
