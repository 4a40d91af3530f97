package io.quorate.backup.archive;

import io.quorate.backup.archive.ArchiveName.Full;
import io.quorate.backup.archive.ArchiveName.Segment;
import io.quorate.backup.archive.ArchiveName.State;
import io.quorate.backup.store.BackupStore;
import io.quorate.mvcc.StoredHistory;
import io.quorate.storage.Cursor;
import io.quorate.storage.View;
import java.io.IOException;
import java.io.InterruptedIOException;

/**
 * Writes what a view of the state has. Holds no more of it than some records, and ends with an {@link InterruptedIOException} soon after its
 * thread is interrupted. Used by one thread at a time for each call.
 */
public final class ArchiveWriter {

    private final BackupStore store;
    private final Writing writing;

    public ArchiveWriter(BackupStore store, Writing writing) {
        this.store = store;
        this.writing = writing;
    }

    /** The name of the state in a view, which need not be written if it has been. */
    public static long stateOf(View view) throws IOException {
        StateRecords.Digest digest = new StateRecords.Digest();
        StateRecords.read(view, digest);
        return digest.value();
    }

    /**
     * Writes leases, users, roles, alarms and members.
     *
     * @return bytes of the object
     */
    public long write(State name, View view) throws IOException {
        try (RecordOutput output = RecordOutput.open(store, name, writing)) {
            StateRecords.read(view, output::add);
            return output.finish(-1, Witness.NONE);
        }
    }

    /**
     * Writes all history up to the end that the name says.
     *
     * @param witness of that history
     * @return bytes of the object
     */
    public long write(Full name, StoredHistory history, Witness witness) throws IOException {
        return write(name, history, 0, witness);
    }

    /**
     * Writes the history between the points that the name says.
     *
     * @param witness of any earlier history
     * @return bytes of the object
     */
    public long write(Segment name, StoredHistory history, Witness witness) throws IOException {
        return write(name, history, name.begin().revision(), witness);
    }

    private long write(ArchiveName.Historic name, StoredHistory history, long from, Witness witness)
            throws IOException {
        try (RecordOutput output = RecordOutput.open(store, name, writing);
                Cursor cursor = history.records(from, name.end().revision())) {
            for (; cursor.isValid(); cursor.next()) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedIOException("the backup was interrupted");
                }
                output.add(StateRecords.HISTORY, cursor.key(), cursor.value());
            }
            return output.finish(history.compactedRevision(), witness);
        }
    }
}
