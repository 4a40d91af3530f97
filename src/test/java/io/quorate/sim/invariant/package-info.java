/**
 * What must hold after every step of a simulation (thesis, figure 3.2, and what follows from it), one small class for each
 * property, so that a failed run names what was broken. {@link io.quorate.sim.invariant.Invariants} lists them.
 */
@NullMarked
package io.quorate.sim.invariant;

import org.jspecify.annotations.NullMarked;
