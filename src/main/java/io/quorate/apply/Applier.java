package io.quorate.apply;

import io.quorate.mvcc.WriteBatch;
import io.quorate.proto.InternalRaftRequest;

/** One link of the chain that applies a request: each adds one concern, the last one does the work. */
public interface Applier {

    /**
     * Applies one request.
     *
     * @param batch where the entry's transaction begins and ends
     * @param term the entry's term, for the header
     */
    Outcome apply(InternalRaftRequest request, WriteBatch batch, long term);
}
