package io.quorate.server;

/**
 * When history is dropped without being asked, and how much of it. Asked again and again by one thread, with the time and
 * the current revision.
 */
public interface CompactionSchedule {

    /** Never. */
    CompactionSchedule OFF = (nowNanos, revision) -> 0;

    /**
     * What is due now.
     *
     * @return the revision to compact at, or 0 for nothing
     */
    long due(long nowNanos, long revision);

    /** A compaction that was due is done; without this call it becomes due again. */
    default void compacted(long nowNanos, long revision) {}
}
