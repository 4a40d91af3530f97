/**
 * The consensus core: a pure state machine after the Raft thesis, in the shape of etcd's Raft.
 *
 * <p>Input is a {@link io.quorate.raft.Message} or a tick, output is a {@link io.quorate.raft.Ready}. There is no disk,
 * network, clock, thread or source of randomness of its own in here: the same state and the same input give the same
 * output. One thread owns a {@link io.quorate.raft.RawNode}.
 */
@NullMarked
package io.quorate.raft;

import org.jspecify.annotations.NullMarked;
