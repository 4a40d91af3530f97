/**
 * The run loop of a member, after etcd's {@code EtcdServer.run}: it starts from the Raft snapshot, takes apply packets,
 * expired leases, errors and the stop signal, and cleans up in order.
 *
 * <p>Threads: {@code run-loop} takes events and schedules jobs; {@code apply} is the FIFO scheduler's one worker and the
 * only writer of the state machine; the {@code raft-node} thread calls {@link io.quorate.server.ReadyHandler}.
 */
@NullMarked
package io.quorate.server;

import org.jspecify.annotations.NullMarked;
