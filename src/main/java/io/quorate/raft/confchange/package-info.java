/**
 * Membership changes: their values and wire form, and the pure function from one configuration to the next (thesis,
 * chapter 4). Replication progress is not touched here; the result names the members that start anew.
 */
@NullMarked
package io.quorate.raft.confchange;

import org.jspecify.annotations.NullMarked;
