package io.quorate.mvcc;

import io.quorate.base.Bytes;

/**
 * Who needs to know which keys hang on which lease.
 *
 * <p>Called by the apply thread while it holds the store's lock, and while the store loads. Whether the lease of a put
 * exists is checked before the write; a lease that is unknown here is a broken invariant.
 */
public interface LeaseAttachments {

    void attach(long lease, Bytes key);

    void detach(long lease, Bytes key);
}
