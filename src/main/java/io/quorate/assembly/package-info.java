/**
 * Puts a member together: the parts of its state, of consensus, of proposing, and of the server that drives them, in the order in
 * which they need each other. Plain Java, so that the program, the tests that step a member and the simulation run the same
 * member; what differs between them (clock, random numbers, disk, transport, exit) is handed in.
 *
 * <p>Order: {@link io.quorate.assembly.StateAssembly}, {@link io.quorate.assembly.ConsensusAssembly},
 * {@link io.quorate.assembly.ProposalAssembly}, {@link io.quorate.assembly.ServerAssembly}. Three links lead back from a later part
 * to an earlier one; the last assembly makes them: leases that run out go to the run loop, rounds of the node to its handler, and
 * room among the jobs to the run loop. Each is made once, which is checked.
 */
@NullMarked
package io.quorate.assembly;

import org.jspecify.annotations.NullMarked;
