package io.quorate.node;

import io.quorate.node.snapshot.SnapshotDirectories;
import io.quorate.node.transport.SnapshotSink;
import io.quorate.node.wal.Disk;
import io.quorate.raft.Message;
import io.quorate.raft.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * Puts a state that arrived where it is found at a crash, and only then tells the node.
 *
 * @param node takes the announcement, or says that it cannot; before there is a node, whatever says yes
 */
public record SnapshotArrivals(SnapshotDirectories folders, Predicate<Message> node) implements SnapshotSink {

    @Override
    public Disk disk() {
        return folders.disk();
    }

    @Override
    public Path newFolder() {
        return folders.unfinished();
    }

    @Override
    public void arrived(Message announcement, Path folder) throws IOException {
        Snapshot snapshot = announcement.snapshot();
        if (snapshot == null) {
            throw new IOException("a state without description");
        }
        folders.accept(folder, snapshot.term(), snapshot.index());
        if (!node.test(announcement)) {
            throw new IOException("the node is too busy to take in a state");
        }
    }

    @Override
    public void discard(Path folder) {
        folders.discard(folder);
    }
}
