/**
 * Snapshot files: what the Raft snapshot says about the state at an index, in etcd's file format.
 *
 * <p>A file {@code member/snap/<term>-<index>.snap} (16 hexadecimal digits each) holds the snapshot's metadata and the
 * application's description of the state, under one CRC-32C. It counts only together with a note in the write-ahead log:
 * the file is made durable first, then the note is appended and synced. A file without a note is the trace of a crash in
 * between and is never loaded. One thread uses {@link io.quorate.node.snapshot.SnapshotFiles} at a time.
 */
@NullMarked
package io.quorate.node.snapshot;

import org.jspecify.annotations.NullMarked;
