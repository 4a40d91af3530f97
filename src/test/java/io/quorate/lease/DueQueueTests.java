package io.quorate.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DueQueueTests {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void firstWhenEntriesComeMoveAndGoIsTheEarliest(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        DueQueue queue = new DueQueue();
        List<DueQueue.Entry> queued = new ArrayList<>();
        for (int step = 0; step < 20_000; step++) {
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    DueQueue.Entry entry = new DueQueue.Entry(new Lease(new LeaseRecord(step, 1, 0)));
                    queue.put(entry, random.nextInt(1000));
                    queued.add(entry);
                }
                case 2 -> {
                    if (!queued.isEmpty()) {
                        queue.put(queued.get(random.nextInt(queued.size())), random.nextInt(1000));
                    }
                }
                case 3 -> {
                    if (!queued.isEmpty()) {
                        DueQueue.Entry removed = queued.remove(random.nextInt(queued.size()));
                        queue.remove(removed);
                        queue.remove(removed);
                        assertThat(removed.isQueued()).isFalse();
                    }
                }
                default -> {
                    DueQueue.Entry first = queue.first();
                    long earliest =
                            queued.stream().mapToLong(DueQueue.Entry::due).min().orElse(-1);
                    assertThat(first == null ? -1 : first.due())
                            .as("seed %d step %d", seed, step)
                            .isEqualTo(earliest);
                    if (first != null && random.nextBoolean()) {
                        queue.remove(first);
                        queued.remove(first);
                    }
                }
            }
            assertThat(queue.size()).isEqualTo(queued.size());
        }
        queue.clear();
        assertThat(queue.first()).isNull();
        assertThat(queued).noneMatch(DueQueue.Entry::isQueued);
    }
}
