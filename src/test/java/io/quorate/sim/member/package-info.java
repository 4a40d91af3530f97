/**
 * Clusters of whole members: the real node, log writer and write-ahead log, run loop, scheduler, apply chain, multi-version
 * store on RocksDB, leases and watches, with a simulated disk under the log and a simulated network between the nodes.
 *
 * <p>{@link io.quorate.sim.member.SimulatedMember} is a member's process; {@link io.quorate.sim.member.MemberParts} is what
 * runs in it; {@link io.quorate.sim.member.CrashingDisk} is what a crash leaves. Every agent that has a thread in production
 * is a row of events on the timeline here, so all of them interleave in every order that a seed makes up.
 */
@NullMarked
package io.quorate.sim.member;

import org.jspecify.annotations.NullMarked;
