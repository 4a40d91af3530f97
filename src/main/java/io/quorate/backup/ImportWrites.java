package io.quorate.backup;

import io.quorate.base.Stages;
import io.quorate.storage.Database;
import io.quorate.storage.WriteSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Writes what is imported in large writes, each beside the thread that makes the next one. Used by one thread, and by {@code import},
 * which writes.
 */
public final class ImportWrites implements AutoCloseable {

    /** Larger writes cost less each, and memory. */
    private static final long BYTES_PER_WRITE = 4 << 20;

    private final Database database;
    private final ExecutorService writer = Executors.newSingleThreadExecutor(
            task -> Thread.ofPlatform().name("import").daemon(true).unstarted(task));
    private WriteSet filling;
    private WriteSet written;
    private CompletableFuture<Void> underWay = CompletableFuture.completedFuture(null);

    public ImportWrites(Database database) {
        this.database = database;
        this.filling = database.newWriteSet();
        this.written = database.newWriteSet();
    }

    /** What takes the next changes; another one after {@link #goOn} and {@link #finish}. */
    public WriteSet set() {
        return filling;
    }

    /**
     * Begins to write what was added, if that is much.
     *
     * @throws io.quorate.base.Fault when an earlier write failed
     */
    public void goOn() {
        if (filling.bytes() >= BYTES_PER_WRITE) {
            begin();
        }
    }

    /**
     * Writes all that was added; readers see it on return.
     *
     * @throws io.quorate.base.Fault when a write failed
     */
    public void finish() {
        begin();
        Stages.join(underWay);
    }

    private void begin() {
        Stages.join(underWay);
        WriteSet full = filling;
        filling = written;
        filling.clear();
        written = full;
        underWay = CompletableFuture.runAsync(() -> database.write(full), writer);
    }

    /** Waits for a write that is under way; what was added since is dropped. */
    @Override
    public void close() {
        writer.close();
        filling.close();
        written.close();
    }
}
