/**
 * The log as the core sees it: a stable part behind {@link io.quorate.raft.LogStorage} and an unstable part in memory
 * that is on its way to it.
 *
 * <p>Invariants: {@code applied <= applying <= committed <= last index}; what is committed is never overwritten; the
 * unstable entries follow the stable ones without a gap, and where both have an entry the unstable one counts. Lists
 * that leave this package never change afterwards.
 */
@NullMarked
package io.quorate.raft.log;

import org.jspecify.annotations.NullMarked;
