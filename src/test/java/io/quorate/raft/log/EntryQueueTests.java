package io.quorate.raft.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.raft.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EntryQueueTests {

    @Test
    void queueBehavesLikeAList() {
        Random random = new Random(1);
        EntryQueue queue = new EntryQueue();
        List<Entry> model = new ArrayList<>();
        List<List<Entry>> slices = new ArrayList<>();
        List<List<Entry>> copies = new ArrayList<>();
        long index = 0;
        for (int run = 0; run < 5_000; run++) {
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    List<Entry> added = new ArrayList<>();
                    for (int i = random.nextInt(20); i > 0; i--) {
                        added.add(Entry.empty(1, ++index));
                    }
                    queue.addAll(added);
                    model.addAll(added);
                }
                case 2 -> {
                    int count = random.nextInt(model.size() + 1);
                    queue.dropFirst(count);
                    model.subList(0, count).clear();
                }
                default -> {
                    int size = model.isEmpty() ? 0 : model.size() - random.nextInt(Math.min(model.size(), 3));
                    queue.truncate(size);
                    model.subList(size, model.size()).clear();
                }
            }
            assertThat(queue.size()).isEqualTo(model.size());
            List<Entry> all = queue.slice(0, queue.size());
            assertThat(all).isEqualTo(model);
            slices.add(all);
            copies.add(List.copyOf(model));
        }
        assertThat(slices).as("slices never change").isEqualTo(copies);
    }

    @Test
    void sliceStaysWithinTheLimitButNeverBelowOneEntry() {
        EntryQueue queue = new EntryQueue();
        queue.addAll(List.of(Entry.empty(1, 1), Entry.empty(1, 2), Entry.empty(1, 3)));
        long size = Entry.empty(1, 1).encodedSize();
        assertThat(queue.slice(0, 3, 0)).hasSize(1);
        assertThat(queue.slice(0, 3, 2 * size)).hasSize(2);
        assertThat(queue.slice(0, 3, 3 * size - 1)).hasSize(2);
        assertThat(queue.slice(1, 3, Long.MAX_VALUE)).hasSize(2);
        assertThat(queue.slice(1, 1, Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void sliceCannotBeWrittenTo() {
        EntryQueue queue = new EntryQueue();
        queue.addAll(List.of(Entry.empty(1, 1)));
        assertThatThrownBy(() -> queue.slice(0, 1).set(0, Entry.empty(2, 2)))
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
