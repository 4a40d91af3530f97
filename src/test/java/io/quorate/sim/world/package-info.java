/**
 * The world of a simulation: time that passes only from event to event, a network between members, processes that pause
 * and die, and a trace of what happened. Everything is decided by one thread and one random generator, so a seed is a run.
 */
@NullMarked
package io.quorate.sim.world;

import org.jspecify.annotations.NullMarked;
