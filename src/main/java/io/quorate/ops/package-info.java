/**
 * What an operator sees: health, metrics under etcd's names, the actuator's {@code raft} and
 * {@code settings} endpoints, and what the process
 * says and returns when it cannot start.
 *
 * <p>Everything is read through {@link io.quorate.ops.MemberStatus}, which answers from memory: no call from here waits
 * for a quorum, a disk or a lock of the member, so an operator can always look. Threads: those of the management port,
 * any number at a time. The recorders of {@link io.quorate.base.Meters} are called from the member's own threads
 * and never block. Nothing depends on this package but the wiring and the main class.
 */
@NullMarked
package io.quorate.ops;

import org.jspecify.annotations.NullMarked;
