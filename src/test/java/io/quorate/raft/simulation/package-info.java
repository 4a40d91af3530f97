/**
 * A seeded simulation of whole clusters of cores: one thread, a network that drops, repeats and delays, members that
 * crash and lose what they had not synced, membership changes, reads. After every step the invariants of Raft are checked.
 */
@NullMarked
package io.quorate.raft.simulation;

import org.jspecify.annotations.NullMarked;
