package io.quorate.maintenance;

import io.quorate.base.Metered;
import io.quorate.base.Meters;
import io.quorate.base.UnusableException;
import io.quorate.storage.Database;
import java.util.concurrent.atomic.AtomicInteger;
import lombok.extern.slf4j.Slf4j;

/** Rewrites the store without what is outdated, while reads and writes go on. */
@Slf4j
public final class Defragmentation implements Metered {

    private final Database database;
    private final AtomicInteger running = new AtomicInteger();

    public Defragmentation(Database database) {
        this.database = database;
    }

    /** Rewrites everything; takes long. One at a time. */
    public void run() {
        long before = database.sizeBytes();
        running.incrementAndGet();
        try {
            database.flush();
            database.compact();
        } finally {
            running.decrementAndGet();
        }
        log.info("rewrote the store: {} bytes before, {} after", before, database.sizeBytes());
    }

    /** Gives back the space that a compaction has freed; after each one, on the thread {@code slow-work-1}. */
    public void reclaim() {
        try {
            database.reclaim();
        } catch (UnusableException e) {
            log.warn("releasing the space freed by a compaction failed: {}", e.getMessage());
        }
    }

    /** How many run now. */
    public int running() {
        return running.get();
    }

    @Override
    public void register(Meters meters) {
        meters.gauge("etcd_disk_defrag_inflight", "1 while the store is being rewritten, 0 otherwise.", this::running);
    }
}
