package io.quorate.node;

import io.quorate.raft.ConfState;
import io.quorate.raft.HardState;
import io.quorate.raft.Message;
import io.quorate.raft.RaftConfig;
import io.quorate.raft.RawNode;
import io.quorate.raft.Snapshot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What consensus itself costs: a batch goes from its proposal through every core of the cluster until the leader has applied
 * it, on one thread, with a log in memory and neither disk nor network. An operation is a batch; {@code -prof gc} adds what
 * is allocated.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 4, time = 2)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH initializes in @Setup
public class CoreStepBenchmark {

    private static final int PAYLOAD_BYTES = 256;
    private static final long ENTRIES_KEPT = 1_000;

    /** How many cores there are. */
    @Param({"1", "3"})
    public int members;

    /** How many entries are proposed together. */
    @Param({"1", "32", "256"})
    public int batch;

    private final List<Core> cores = new ArrayList<>();
    private final Deque<Message> network = new ArrayDeque<>();
    private List<byte[]> payloads;
    private ConfState voters;

    /** A core and its log. */
    private final class Core {

        private final RawNode node;
        private final RaftStorage storage;
        private long applied = 1;
        private long compacted = 1;

        Core(long id) {
            storage = new RaftStorage(new Snapshot(1, 1, voters, new byte[0]), new HardState(1, 0, 1), List.of());
            node = new RawNode(
                    RaftConfig.builder()
                            .id(id)
                            .asyncStorageWrites(true)
                            .random(bound -> 0)
                            .build(),
                    storage);
        }

        void work() {
            while (node.hasReady()) {
                node.ready().messages().forEach(this::handle);
            }
            if (applied - compacted > 2 * ENTRIES_KEPT) {
                compacted = applied;
                storage.snapshotTaken(applied, voters);
                storage.compact(applied - ENTRIES_KEPT);
            }
        }

        private void handle(Message message) {
            if (message.to() == Message.APPEND_THREAD) {
                HardState state = WritePromises.hardStateOf(message);
                if (state != null) {
                    storage.setHardState(state);
                }
                storage.append(message.entries());
                network.addAll(message.responses());
            } else if (message.to() == Message.APPLY_THREAD) {
                applied = message.entries().getLast().index();
                network.addAll(message.responses());
            } else {
                network.add(message);
            }
        }
    }

    @Setup
    public void elect() {
        List<Long> ids = new ArrayList<>();
        for (long id = 1; id <= members; id++) {
            ids.add(id);
        }
        voters = ConfState.ofVoters(ids);
        payloads = Collections.nCopies(batch, new byte[PAYLOAD_BYTES]);
        ids.forEach(id -> cores.add(new Core(id)));
        cores.getFirst().node.campaign();
        settle();
    }

    private void settle() {
        do {
            Message message = network.poll();
            if (message != null) {
                cores.get((int) message.to() - 1).node.step(message);
            }
            cores.forEach(Core::work);
        } while (!network.isEmpty());
    }

    /** One batch, until nothing is left to do. */
    @Benchmark
    public long commitBatch() {
        Core leader = cores.getFirst();
        long before = leader.applied;
        leader.node.propose(payloads);
        settle();
        if (leader.applied != before + batch) {
            throw new IllegalStateException("applied " + leader.applied + " after " + before);
        }
        return leader.applied;
    }
}
