/**
 * Replays recorded transcripts byte for byte: a list of commands with the exact text that each must produce.
 *
 * <p>A folder of transcripts has up to three parts, each with its own environment: {@code interaction} drives a simulated
 * cluster, {@code quorum} the arithmetic of majorities, {@code confchange} that of configurations.
 */
@NullMarked
package io.quorate.transcript;

import org.jspecify.annotations.NullMarked;
