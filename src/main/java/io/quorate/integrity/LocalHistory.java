package io.quorate.integrity;

import io.quorate.mvcc.MvccStore;
import io.quorate.proposal.ReadPool;

/**
 * This member's own history, and who hashes it.
 *
 * @param worker one thread, so that hashes cost no more than that
 * @param repair what happens when it is wrong
 */
public record LocalHistory(MvccStore store, CompactionHashes compactions, ReadPool worker, SelfRepair repair)
        implements AutoCloseable {

    @Override
    public void close() {
        worker.close();
    }
}
