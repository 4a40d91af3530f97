/**
 * How messages reach the other members: own frames over TCP, an own server on the peer URLs.
 *
 * <p>A frame is a length, a CRC-32C and a typed body ({@link io.quorate.node.transport.FrameDecoder}). A connection carries
 * one lane in one direction: it begins with a greeting that names cluster, both members and the lane, and the other side
 * either welcomes it or says why not ({@link io.quorate.node.transport.Refusal}). Heartbeats and votes have a lane of their
 * own, so that a long append never makes a leader look dead; so have calls to the leader and snapshots. Only addresses of
 * the member list are dialled, and names are resolved anew each time. A member that is not in the list yet, or of which this
 * one has not heard yet, is answered on the connection that it opened; and so is one that cannot be dialled, as with etcd's
 * streams. Calls and states need an address where it can be reached.
 *
 * <p>Threads: the {@code raft-node} thread hands messages in and never waits; one event loop, {@code peer-port}, does the
 * rest. What waits for a peer is bounded by bytes. Beyond that, and while there is no connection, messages are lost, the node
 * is told that the peer is unreachable, and Raft sends again what matters. A peer that vanishes is noticed by its silence to
 * pings.
 */
@NullMarked
package io.quorate.node.transport;

import org.jspecify.annotations.NullMarked;
