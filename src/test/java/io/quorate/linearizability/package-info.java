/**
 * Decides whether a history of concurrent operations on a key-value store is linearizable: whether there is one order of
 * all of them, respecting which ended before which began, in which every answer is the one of a store that does one
 * operation at a time (Herlihy and Wing 1990).
 *
 * <p>{@link io.quorate.linearizability.History} records, {@link io.quorate.linearizability.Linearizability} decides by
 * search (Wing and Gong 1993) that never visits a configuration twice (Lowe 2017), separately for keys that no operation
 * ties together.
 */
@NullMarked
package io.quorate.linearizability;

import org.jspecify.annotations.NullMarked;
