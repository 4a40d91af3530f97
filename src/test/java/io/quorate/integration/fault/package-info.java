/**
 * What a cluster of real processes promises while the world around it is broken. Each member runs in a network namespace
 * of its own, on a file system of its own and by a wall clock of its own; clients in the test's own namespace reach all
 * members, whatever is cut between those.
 *
 * <p>Round after round a {@link io.quorate.integration.fault.Fault} begins and heals while clients write registers, hold
 * leases and watch. Then every member must serve again in time, the registers must be linearizable, every acknowledged
 * write must be at its revision, watches must have shown every revision once, leases must have lived as long as promised,
 * and all members must have the same hash.
 *
 * <p>Everything outside of the processes (namespaces, links, mounts) carries the id of the test's process in its name, so
 * that runs do not meet, and what a killed run left behind is removed by the next one.
 */
@NullMarked
package io.quorate.integration.fault;

import org.jspecify.annotations.NullMarked;
