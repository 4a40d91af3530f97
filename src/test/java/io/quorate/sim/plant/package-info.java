/**
 * Faults that are planted around the core of every member, each a mistake that Raft implementations have made. A
 * simulation that does not find them within a few seeds proves nothing.
 */
@NullMarked
package io.quorate.sim.plant;

import org.jspecify.annotations.NullMarked;
