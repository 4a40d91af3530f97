/**
 * The arithmetic of majorities: which index a set of voters has committed and how a vote went (thesis, sections 3.4 to
 * 3.6 and 4.3). Everything is an immutable value and knows nothing of the log, of messages or of time.
 *
 * <p>Member ids are unsigned 64-bit numbers, as in etcd; wherever an order of members is visible it is ascending by the
 * unsigned value.
 */
@NullMarked
package io.quorate.raft.quorum;

import org.jspecify.annotations.NullMarked;
