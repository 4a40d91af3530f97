/**
 * The multi-version key space: every change of a key under its revision, the newest record of every live key, and what is
 * needed to read the past.
 *
 * <p><b>State.</b> Three families of the database and one index in memory hold the same records in different orders:
 *
 * <ul>
 *   <li>{@code CURRENT}: key to newest record, live keys only; a range of the newest revision is one sequential scan.
 *   <li>{@code HISTORY}: {@link io.quorate.mvcc.Revision storage key} to record; serves watches that catch up, and hashing.
 *   <li>{@code VERSIONS}: {@link io.quorate.mvcc.VersionKey} to nothing, or to the mark of a deletion; finds the version of a
 *       key at an old revision by one seek, and lists all versions of a key for compaction.
 *   <li>{@link io.quorate.mvcc.KeyIndex}: live keys with their revisions, version and lease; counts a range in O(log n) and
 *       answers whatever needs no value. Loaded from {@code CURRENT} at start.
 * </ul>
 *
 * <p><b>Threads.</b> One writer, the apply thread. It holds the write lock of {@link io.quorate.mvcc.MvccStore} from the
 * beginning of a batch until its publication. Readers hold the read lock while they touch the index and open a cursor, which
 * fixes the state they see; what then takes long, the walk over records, runs without the lock. The compaction runs on the
 * maintenance thread and needs no lock: it removes only what no reader may ask for any more.
 *
 * <p><b>Invariants.</b> The index equals {@code CURRENT}. Every record of {@code CURRENT} is in {@code HISTORY} under its
 * revision, and every record of {@code HISTORY} has its entry in {@code VERSIONS}. The revision grows by one with every
 * request that changes keys. A revision is shown to the observer before any reader can see it. A read never mixes two
 * revisions.
 */
@NullMarked
package io.quorate.mvcc;

import org.jspecify.annotations.NullMarked;
