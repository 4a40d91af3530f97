package io.quorate.base;

/**
 * A constant that has a number of its own on the wire or on disk. The number never changes and is never given to another
 * constant: members of other versions know it.
 */
public interface Numbered {

    /** Its number; not negative and small. */
    int number();
}
