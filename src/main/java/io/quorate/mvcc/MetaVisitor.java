package io.quorate.mvcc;

import io.quorate.base.Bytes;

/** Sees keys with what is known about them, one after the other. */
@FunctionalInterface
public interface MetaVisitor {

    /** Returns whether to go on with the next key. */
    boolean visit(Bytes key, KeyMeta meta);
}
