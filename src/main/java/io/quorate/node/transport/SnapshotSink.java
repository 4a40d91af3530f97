package io.quorate.node.transport;

import io.quorate.node.wal.Disk;
import io.quorate.raft.Message;
import java.io.IOException;
import java.nio.file.Path;

/** Takes in the states that leaders send. Called by a thread of the connection, may block. */
public interface SnapshotSink {

    /** The disk that the folders are on. */
    default Disk disk() {
        return Disk.system();
    }

    /** The path of a new folder, which does not exist yet. */
    Path newFolder();

    /**
     * A state has arrived whole; its files are durable.
     *
     * @param announcement the message that goes to the node, with what the state contains
     */
    void arrived(Message announcement, Path folder) throws IOException;

    /** A file was synced, which took so many nanoseconds. */
    default void synced(long nanos) {}

    /** The transfer ended before its end. */
    void discard(Path folder);
}
