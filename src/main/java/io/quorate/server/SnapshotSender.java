package io.quorate.server;

import io.quorate.base.MonotonicClock;
import io.quorate.node.RaftNode;
import io.quorate.node.snapshot.SnapshotDirectories;
import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import io.quorate.raft.Snapshot;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * Sends the state to members that lag behind the log: copies it on the {@code maintenance} thread, so that neither consensus
 * nor apply waits, and has it shipped. While one is on its way, and for a while after, the log keeps what the receiver will
 * need next.
 */
@Slf4j
public final class SnapshotSender {

    /** As etcd: so long a member that got a snapshot may take to come back for the entries behind it. */
    private static final Duration HOLD_AFTER = Duration.ofSeconds(30);

    /** Brings a copy to another member. */
    @FunctionalInterface
    public interface Shipper {

        /** Completes when the receiver has it on disk and its node knows; fails otherwise. The files may be read until then. */
        CompletionStage<Void> ship(Message announcement, Path files);
    }

    private final Function<Path, Snapshot> copier;
    private final Shipper shipper;
    private final SnapshotDirectories folders;
    private final RaftNode node;
    private final Executor maintenance;
    private final MonotonicClock clock;
    private final AtomicInteger underWay = new AtomicInteger();
    private final Set<Long> receivers = ConcurrentHashMap.newKeySet();
    private volatile long heldUntil;
    private volatile boolean held;

    /**
     * @param copier writes a copy of the state into a new folder and tells what it contains
     */
    public SnapshotSender(
            Function<Path, Snapshot> copier,
            Shipper shipper,
            SnapshotDirectories folders,
            RaftNode node,
            Executor maintenance,
            MonotonicClock clock) {
        this.copier = copier;
        this.shipper = shipper;
        this.folders = folders;
        this.node = node;
        this.maintenance = maintenance;
        this.clock = clock;
    }

    /** Whether a follower that receives a snapshot will need entries that are older than usual. */
    public boolean holdsLog() {
        return underWay.get() > 0 || (held && clock.nanos() - heldUntil < 0);
    }

    /** Sends the state to a member that has asked for it, unless it is on its way; any thread. */
    public void sendOnRequest(long from, long to, long term) {
        if (!receivers.contains(to)) {
            log.info("member {} asks for a snapshot", Long.toHexString(to));
            send(Message.builder()
                    .type(MessageType.SNAP)
                    .from(from)
                    .to(to)
                    .term(term)
                    .build());
        }
    }

    /** The core wants the state sent; on the {@code raft-node} thread. */
    public void send(Message message) {
        underWay.incrementAndGet();
        receivers.add(message.to());
        maintenance.execute(() -> copyAndShip(message));
    }

    private void copyAndShip(Message message) {
        Path folder = folders.unfinished();
        Message announcement;
        try {
            Snapshot snapshot = copier.apply(folder);
            announcement = message.toBuilder().snapshot(snapshot).build();
        } catch (RuntimeException e) { // a failed copy, for want of space for example, leaves this member unharmed
            log.warn("cannot take a snapshot for member {}", Long.toHexString(message.to()), e);
            ended(message, folder, e);
            return;
        }
        CompletionStage<Void> unused = shipper.ship(announcement, folder)
                .whenComplete((done, failure) -> ended(announcement, folder, failure));
    }

    private void ended(Message message, Path folder, @Nullable Throwable failure) {
        String to = Long.toHexString(message.to());
        Snapshot snapshot = message.snapshot();
        if (failure == null && snapshot != null) {
            log.info("sent the snapshot at index {} to member {}", snapshot.index(), to);
            heldUntil = clock.nanos() + HOLD_AFTER.toNanos();
            held = true;
        } else {
            log.warn("the snapshot did not reach member {}: {}", to, String.valueOf(failure));
        }
        underWay.decrementAndGet();
        receivers.remove(message.to());
        folders.discard(folder);
        node.snapshotSent(message.to(), failure == null);
    }
}
