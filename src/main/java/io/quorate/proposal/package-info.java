/**
 * From a request to its result: admission, the proposal through Raft, and the wait for what applying it gave; for reads,
 * the confirmation that the state to read from is recent enough.
 *
 * <p>Callers are the edge's event loops, which never block here. Results come from the {@code apply} thread; reads
 * continue on the read pool. An outcome that is not known when time runs out is reported as a time-out, never as failed:
 * the proposal may still commit.
 */
@NullMarked
package io.quorate.proposal;

import org.jspecify.annotations.NullMarked;
