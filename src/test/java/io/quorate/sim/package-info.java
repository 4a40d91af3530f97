/**
 * The runs of the simulations: many seeds of clusters of cores and of whole members, and the planted faults that show that
 * a simulation can fail. docs/raft.md says how to read a failure.
 */
@NullMarked
package io.quorate.sim;

import org.jspecify.annotations.NullMarked;
