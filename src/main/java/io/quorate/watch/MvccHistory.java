package io.quorate.watch;

import io.quorate.base.Bytes;
import io.quorate.mvcc.HistoryReader;
import io.quorate.mvcc.HistoryReader.HistoryPage;
import io.quorate.mvcc.HistoryReader.RevisionEvents;
import io.quorate.mvcc.MvccException.CompactedException;
import io.quorate.mvcc.MvccStore;
import io.quorate.proto.mvccpb.Event;
import io.quorate.proto.mvccpb.KeyValue;
import org.jspecify.annotations.Nullable;

/** The history of the store, read a page at a time so that a long catch-up needs little memory. */
public final class MvccHistory implements History {

    private static final int PAGE_REVISIONS = 1000;
    private static final long PAGE_BYTES = 4L << 20;

    private final MvccStore store;
    private final HistoryReader reader;

    public MvccHistory(MvccStore store) {
        this.store = store;
        this.reader = store.history();
    }

    @Override
    public long currentRevision() {
        return store.currentRevision();
    }

    @Override
    public long compactedRevision() {
        return store.compactedRevision();
    }

    @Override
    public boolean forEachEvent(long fromRevision, long toRevision, EventVisitor visitor) {
        long next = fromRevision;
        while (next <= toRevision) {
            HistoryPage page;
            try {
                page = reader.read(next, toRevision, PAGE_REVISIONS, PAGE_BYTES);
            } catch (CompactedException overtaken) {
                return false;
            }
            if (!visitAll(page, visitor)) {
                return true;
            }
            next = page.next();
        }
        return true;
    }

    @Override
    public @Nullable KeyValue recordAt(Bytes key, long revision) {
        return reader.recordAt(key, revision);
    }

    private static boolean visitAll(HistoryPage page, EventVisitor visitor) {
        for (RevisionEvents changed : page.revisions()) {
            for (Event event : changed.events()) {
                if (!visitor.visit(changed.revision(), event)) {
                    return false;
                }
            }
        }
        return true;
    }
}
