/**
 * What a leader knows of its peers: the active configuration and, for each member, how far replication has come and how
 * much may be in flight. State of the thread that owns the core; nothing in here sends a message.
 */
@NullMarked
package io.quorate.raft.tracker;

import org.jspecify.annotations.NullMarked;
