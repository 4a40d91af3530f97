/**
 * The state of a member on disk: one RocksDB with one column family per kind of record ({@link io.quorate.storage.Family}
 * is the layout). The only package that may use {@code org.rocksdb}.
 *
 * <p>RocksDB's own log is off, because the raft log already is the log: a write becomes durable with the next
 * {@link io.quorate.storage.Database#flush flush}, and what was not flushed is replayed from the raft log. Two invariants
 * make that sound. A {@link io.quorate.storage.WriteSet} is written wholly or not at all, across families. And every flush,
 * asked for or automatic, covers all families at one point in time (atomic flush), so that after a crash the consistent
 * index in {@code META} never runs ahead of, or behind, the records it speaks of.
 *
 * <p>Threads: a {@code Database} and a {@code View} may be used by any thread. A {@code WriteSet} and a {@code Cursor}
 * belong to one thread at a time. An {@code ApplyScope} is entered and left by the apply thread only.
 *
 * <p>Native memory is owned by the code that asked for it: cursors, views and write sets are closed by their users, everything
 * else by the database.
 */
@NullMarked
package io.quorate.storage;

import org.jspecify.annotations.NullMarked;
