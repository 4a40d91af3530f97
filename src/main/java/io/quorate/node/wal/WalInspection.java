package io.quorate.node.wal;

import io.quorate.base.Fault;
import io.quorate.raft.Entry;
import io.quorate.raft.HardState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a whole log without changing it, and judges each entry that counts: one that a later leader replaced does not.
 *
 * @param firstIndex of the entries; 0 if there are none
 * @param lastIndex of the entries; 0 if there are none
 * @param state the last hard state
 * @param problems of the entries that were judged bad, in the order of the log
 */
public record WalInspection(long firstIndex, long lastIndex, HardState state, List<Problem> problems) {

    /** An entry and what is wrong with it. */
    public record Problem(long term, long index, String reason) {}

    public WalInspection {
        problems = List.copyOf(problems);
    }

    /**
     * Reads the log of a member that does not run.
     *
     * @param judge says what is wrong with an entry; null if nothing is
     * @throws WalCorruptException if what was durable is damaged
     * @throws IllegalStateException if there is no log
     */
    public static WalInspection of(Path directory, WalSettings options, Function<Entry, @Nullable String> judge) {
        try {
            List<SegmentName> segments = Segments.list(directory, options.disk());
            if (segments.isEmpty()) {
                throw new IllegalStateException("there is no log in " + directory);
            }
            Collector collector = new Collector(judge);
            new WalReader(directory, options.disk(), collector).read(segments);
            return new WalInspection(collector.first, collector.last, collector.state, collector.problems);
        } catch (IOException failed) {
            throw new Fault("cannot read the log in " + directory + ": " + failed.getMessage(), failed);
        }
    }

    private static final class Collector implements RecordSink {

        private final Function<Entry, @Nullable String> judge;
        private final List<Problem> problems = new ArrayList<>();
        private HardState state = HardState.EMPTY;
        private long first;
        private long last;

        Collector(Function<Entry, @Nullable String> judge) {
            this.judge = judge;
        }

        @Override
        public void entry(Entry entry) {
            problems.removeIf(problem -> problem.index() >= entry.index());
            first = first == 0 ? entry.index() : Math.min(first, entry.index());
            last = entry.index();
            String reason = judge.apply(entry);
            if (reason != null) {
                problems.add(new Problem(entry.term(), entry.index(), reason));
            }
        }

        @Override
        public void state(HardState next) {
            state = next;
        }

        @Override
        public void snapshot(WalSnapshot snapshot) {
            if (snapshot.index() > last) { // the leader's state took the place of the log
                first = 0;
                last = 0;
                problems.clear();
            }
        }
    }
}
