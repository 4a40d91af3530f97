package io.quorate.node.transport;

import io.quorate.raft.Message;

/** Where the transport delivers; the node. Called by any thread, never blocks. */
public interface PeerInbox {

    /** A message of another member; false if there is no room for it, then it is lost as on a network. */
    boolean receive(Message message);

    /** Messages to a member were lost. Told once for many losses. */
    void unreachable(long id);

    /** A snapshot reached a member, or did not; told exactly once for every snapshot that the node wanted sent. */
    void snapshotSent(long id, boolean ok);
}
