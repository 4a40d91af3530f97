/**
 * The audit trail: one line of JSON for each call that an operator chose, in a file or on standard output.
 *
 * <p>Calls are handed to {@link io.quorate.audit.AuditTrail} by any thread, which never waits: what does not fit into its
 * queue is dropped and counted. The thread {@code audit} writes.
 *
 * <p>Invariant: a line has names and keys, but never a value, a password or a token.
 */
@NullMarked
package io.quorate.audit;

import org.jspecify.annotations.NullMarked;
