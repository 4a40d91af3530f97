package io.quorate.node.transport;

import java.util.List;

/** What the transport has to know about the cluster; asked by the event loop, never blocks. */
public interface PeerDirectory {

    /** The directory of a process that is no member and dials one address, whichever member answers there. */
    static PeerDirectory of(PeerAddress address) {
        return new OneAddress(address);
    }

    /** Where a member can be dialled, best first; empty if that is not known. */
    List<PeerAddress> addresses(long id);

    /** What lines in the log call a member: by its name, where that is known, and its id. */
    default String name(long id) {
        return Long.toHexString(id);
    }

    /** Whether the member was removed and so must not come back. */
    boolean isRemoved(long id);

    /** The members, for one that joins; the transport does not look into it. */
    byte[] members();
}
