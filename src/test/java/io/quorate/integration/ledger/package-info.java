/**
 * The books of tests that break members while clients write: what every client asked for and was told, the history as a
 * watch shows it, and the comparison of both. A second opinion rebuilds the key space from the history alone.
 *
 * <p>Every write has a text of its own in its values, so each event of the history belongs to exactly one
 * {@link io.quorate.integration.ledger.Attempt}.
 */
@NullMarked
package io.quorate.integration.ledger;

import org.jspecify.annotations.NullMarked;
