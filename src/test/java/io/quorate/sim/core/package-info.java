/**
 * Clusters of bare cores ({@link io.quorate.raft.RawNode}) with a simulated disk, log writer, apply thread and state
 * machine around each, as {@code io.quorate.node} and {@code io.quorate.server} have them in earnest.
 *
 * <p>{@link io.quorate.sim.core.CoreMember} is one member and {@link io.quorate.sim.core.CoreSimulation} one run.
 * {@link io.quorate.sim.core.Invariant} is what must hold after every step, {@link io.quorate.sim.core.Plant} what a test
 * does to a member so that something does not.
 */
@NullMarked
package io.quorate.sim.core;

import org.jspecify.annotations.NullMarked;
