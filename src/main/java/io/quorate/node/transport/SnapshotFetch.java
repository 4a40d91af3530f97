package io.quorate.node.transport;

import io.quorate.node.wal.Disk;
import io.quorate.raft.Message;
import io.quorate.raft.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * Asks the leader for its whole state, for a member whose own is lost while its log is not. Runs before consensus does, on
 * the peer port that consensus will use; meanwhile the member is to the others as if it were down. Blocks; for the start
 * only.
 */
@Slf4j
public final class SnapshotFetch implements AutoCloseable {

    private static final Duration ASK_EVERY = Duration.ofSeconds(1);
    private static final int ASKS_PER_REPORT = 10;

    private final PeerNetwork network;
    private final List<Long> others;
    private final int method;
    private final BlockingQueue<Snapshot> arrived = new ArrayBlockingQueue<>(1);
    private final AtomicBoolean removed = new AtomicBoolean();

    /**
     * @param members all of the cluster, with where they can be dialled
     * @param method the call that makes a leader send its state; all others refuse it
     * @param folders where the files go
     */
    public SnapshotFetch(
            PeerIdentity self,
            Map<Long, List<PeerAddress>> members,
            int method,
            SnapshotSink folders,
            PeerSettings options) {
        this.network = new PeerNetwork(self, new Known(Map.copyOf(members)), options);
        this.others =
                members.keySet().stream().filter(id -> id != self.memberId()).toList();
        this.method = method;
        network.connect(PeerReceivers.NONE
                .withSnapshots(new Noting(folders, arrived))
                .withInbox(new Silent())
                .withRefused((id, refusal) -> removed.compareAndSet(false, refusal == Refusal.REMOVED)));
    }

    /** Listens where leaders expect this member. */
    public void listen(PeerAddress address) throws IOException {
        network.listen(address);
    }

    /**
     * Asks until a state arrives that will do; one that will not is left where the receiver has put it.
     *
     * @return what it contains; null if this member was removed from the cluster meanwhile
     */
    public @Nullable Snapshot await(Predicate<Snapshot> acceptable) throws InterruptedException {
        network.setPeers(Set.copyOf(others));
        for (int asked = 0; !removed.get(); asked++) {
            if (asked % ASKS_PER_REPORT == 0) {
                log.info("asking {} for a snapshot to replace the damaged database", names());
            }
            for (long id : others) {
                var unused = network.call(id, method, new byte[Long.BYTES], ASK_EVERY)
                        .exceptionally(failure -> refused(id, failure));
            }
            Snapshot snapshot = arrived.poll(ASK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
            if (snapshot != null && acceptable.test(snapshot)) {
                return snapshot;
            }
        }
        return null;
    }

    private static byte[] refused(long id, Throwable failure) {
        log.debug("member {} sends no snapshot: {}", Long.toHexString(id), failure.toString());
        return new byte[0];
    }

    private List<String> names() {
        return others.stream().map(Long::toHexString).toList();
    }

    @Override
    public void close() {
        network.close();
    }

    private record Known(Map<Long, List<PeerAddress>> byId) implements PeerDirectory {

        @Override
        public List<PeerAddress> addresses(long id) {
            return byId.getOrDefault(id, List.of());
        }

        @Override
        public boolean isRemoved(long id) {
            return false;
        }

        /** A member that joins must ask one that knows. */
        @Override
        public byte[] members() {
            return new byte[0];
        }
    }

    /** Keeps the newest of what arrives. */
    private record Noting(SnapshotSink folders, BlockingQueue<Snapshot> arrived) implements SnapshotSink {

        @Override
        public Disk disk() {
            return folders.disk();
        }

        @Override
        public Path newFolder() {
            return folders.newFolder();
        }

        @Override
        public void arrived(Message announcement, Path folder) throws IOException {
            folders.arrived(announcement, folder);
            Snapshot snapshot = announcement.snapshot();
            if (snapshot != null && !arrived.offer(snapshot)) {
                log.debug("a snapshot arrived while another one was checked");
            }
        }

        @Override
        public void discard(Path folder) {
            folders.discard(folder);
        }
    }

    /** What is said to this member meanwhile is lost, as if it were down. */
    private static final class Silent implements PeerInbox {

        @Override
        public boolean receive(Message message) {
            return true;
        }

        @Override
        public void unreachable(long id) {
            log.debug("member {} cannot be reached", Long.toHexString(id));
        }

        @Override
        public void snapshotSent(long id, boolean ok) {
            throw new IllegalStateException("this member sends no states");
        }
    }
}
