package io.quorate.apply;

import io.quorate.mvcc.WriteBatch;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.raft.Entry;

/** One link of the chain that applies a request: each adds one concern, the last one does the work. */
public interface Applier {

    /**
     * Applies one request.
     *
     * @param batch where the entry's transaction begins and ends
     * @param entry which holds the request; its term goes into the header, its index into a token
     */
    Outcome apply(InternalRaftRequest request, WriteBatch batch, Entry entry);
}
