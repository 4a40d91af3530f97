/**
 * How messages reach the other members. Called by the {@code raft-node} thread only and never waits: what cannot be sent
 * is lost, and Raft sends again what matters.
 */
@NullMarked
package io.quorate.node.transport;

import org.jspecify.annotations.NullMarked;
