package io.quorate.node;

import io.quorate.raft.ConfState;
import io.quorate.raft.Message;
import io.quorate.raft.confchange.ConfChange;
import java.util.List;

/** Everything that can reach the {@code raft-node} thread, besides time. */
sealed interface NodeEvent {

    /** Append this to the log. */
    record Propose(Proposal proposal) implements NodeEvent {}

    /** Append this membership change to the log. */
    record ProposeConfChange(ConfChange change, Runnable dropped) implements NodeEvent {}

    /** The membership change at an index was applied; {@code expected} is the configuration it leads to. */
    record ConfChangeApplied(long index, ConfChange change, ConfState expected) implements NodeEvent {}

    /** Confirm the leadership for a read. */
    record ReadIndex(byte[] context) implements NodeEvent {}

    /** A message from another member. */
    record Receive(Message message) implements NodeEvent {}

    /** The log writer made these durable. */
    record Durable(List<Message> written) implements NodeEvent {}

    /** A packet was applied. */
    record Applied(Message confirmation) implements NodeEvent {}

    /** The state machine holds everything up to the index; the log in memory may shrink. */
    record SnapshotInMemory(long index, ConfState confState, long catchUpEntries) implements NodeEvent {}

    /** Anything else that must run on this thread. */
    record Call(Runnable task) implements NodeEvent {}
}
