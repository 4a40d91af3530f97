package io.quorate.node.transport;

import java.util.concurrent.atomic.LongAdder;

/** What was exchanged with one peer since the start. Counted by the event loop and the node, read by anybody. */
public final class PeerCounters {

    final LongAdder sentBytes = new LongAdder();
    final LongAdder receivedBytes = new LongAdder();
    final LongAdder sendFailures = new LongAdder();
    final LongAdder receiveFailures = new LongAdder();
    final LongAdder disconnects = new LongAdder();
    final TransferCounters snapshotSends = new TransferCounters();
    final TransferCounters snapshotReceives = new TransferCounters();

    PeerCounters() {}

    /** Bytes handed to the connections, frames included. */
    public long sentBytes() {
        return sentBytes.sum();
    }

    /** Bytes of frames that arrived whole. */
    public long receivedBytes() {
        return receivedBytes.sum();
    }

    /** Messages that were not sent: no connection, or no room. */
    public long sendFailures() {
        return sendFailures.sum();
    }

    /** Frames and messages that could not be used, or for which there was no room. */
    public long receiveFailures() {
        return receiveFailures.sum();
    }

    /** States sent to the peer. */
    public TransferCounters snapshotSends() {
        return snapshotSends;
    }

    /** States received from the peer. */
    public TransferCounters snapshotReceives() {
        return snapshotReceives;
    }

    /** Connections that were lost after they had been greeted. */
    public long disconnects() {
        return disconnects.sum();
    }
}
