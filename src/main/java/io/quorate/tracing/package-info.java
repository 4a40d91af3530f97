/**
 * Spans of calls, for a collector of OpenTelemetry.
 *
 * <p>There is no instrumentation of its own: the marks that every call leaves in its {@link io.quorate.base.CallTrace} become a span with
 * children when the call has ended, if it is sampled. {@link io.quorate.tracing.CallSpans} decides that on the thread that ends the call, and
 * puts it into a bounded queue; the thread {@code span-export} empties the queue, by OTLP over HTTP in JSON.
 *
 * <p>Invariants: nothing waits for the collector; what it does not take in time is dropped and counted.
 */
@NullMarked
package io.quorate.tracing;

import org.jspecify.annotations.NullMarked;
