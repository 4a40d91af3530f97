/**
 * Drives the Raft core: ticks, proposals and messages in; log writes, messages and apply packets out.
 *
 * <p>Threads: {@code raft-node} owns the core and the log in memory ({@link io.quorate.node.RaftNode},
 * {@link io.quorate.node.RaftStorage}); {@code wal-writer} owns the write-ahead log ({@link io.quorate.node.LogWriter}).
 * They talk by queues only. What is durable first: entries, term and vote are fsynced by the log writer before the core
 * sees the acknowledgement that lets it count them (thesis, section 10.2.1; asynchronous storage writes).
 */
@NullMarked
package io.quorate.node;

import org.jspecify.annotations.NullMarked;
