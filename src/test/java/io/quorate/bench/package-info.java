/**
 * The load program: drives any endpoint that speaks etcd v3, and measures what the caller sees.
 *
 * <p>It shares the machine with the server it measures, so it spends little itself: raw gRPC calls with messages that
 * are encoded once and patched, answers that are not decoded, callbacks on the event loop, one listener for each slot.
 * A slot is one call in flight; its calls follow each other, on one connection, on one event loop, so nothing in here
 * is shared between threads but the phase.
 *
 * <p>{@link io.quorate.bench.LoadMain} runs one workload; {@link io.quorate.bench.ReportMain} makes a table of many
 * runs; {@code bench/run} starts the servers.
 */
@NullMarked
package io.quorate.bench;

import org.jspecify.annotations.NullMarked;
