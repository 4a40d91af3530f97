/**
 * Applies committed entries to the state machine: keys, leases, members, alarms.
 *
 * <p>Everything here runs on the {@code apply} thread, in log order, exactly once: the consistent index moves in the same
 * write as the data, and what lies at or below it is skipped after a restart. Applying is deterministic, so every member
 * reaches the same state. A request is checked completely before its first write; what fails after that is a fault.
 */
@NullMarked
package io.quorate.apply;

import org.jspecify.annotations.NullMarked;
