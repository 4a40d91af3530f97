package io.quorate.backup.schedule;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quorate.mvcc.StoredHistory;
import io.quorate.storage.Database;
import io.quorate.storage.View;
import org.jspecify.annotations.Nullable;

/**
 * A view that one thread at a time works on. If the database has to be closed or replaced meanwhile, that thread is interrupted; closing
 * the view takes the interrupt back.
 */
final class HeldView implements AutoCloseable {

    @GuardedBy("this")
    private @Nullable Thread user;

    @GuardedBy("this")
    private boolean revoked;

    private final View view;
    private final StoredHistory history;

    private HeldView(Database database) {
        this.view = database.view(this::revoke);
        this.history = new StoredHistory(view);
    }

    /** Takes the state of this moment. */
    static HeldView of(Database database) {
        HeldView held = new HeldView(database);
        held.use();
        return held;
    }

    /** The calling thread works on it from now on. */
    synchronized void use() {
        user = Thread.currentThread();
        if (revoked) {
            user.interrupt();
        }
    }

    /** Another thread will work on it, which gives way to writers. */
    synchronized void handOver() {
        user = null;
        view.giveWay();
    }

    private synchronized void revoke() {
        revoked = true;
        if (user != null) {
            user.interrupt();
        }
    }

    View view() {
        return view;
    }

    StoredHistory history() {
        return history;
    }

    @Override
    public synchronized void close() {
        user = null;
        view.close();
        if (revoked) {
            boolean unused = Thread.interrupted();
        }
    }
}
