package io.quorate.raft.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProgressTests {

    private static Progress probing(long next) {
        return new Progress(2, next, true, false, new Inflights(2, 100));
    }

    @Test
    void probeSendsOneAppendUntilItIsAnswered() {
        Progress progress = probing(12);
        progress.sentEntries(0, 0);
        assertThat(progress.isPaused()).as("an empty probe does not pause").isFalse();
        progress.sentEntries(3, 30);
        assertThat(progress.isPaused()).isTrue();
        assertThat(progress.next()).isEqualTo(12);
        assertThat(progress.acknowledge(14)).isTrue();
        progress.becomeReplicate();
        assertThat(progress).hasToString("StateReplicate match=14 next=15");
        assertThat(progress.acknowledge(14)).isFalse();
    }

    @Test
    void replicationPausesAtAFullWindow() {
        Progress progress = probing(1);
        progress.becomeReplicate();
        progress.sentEntries(2, 10);
        progress.sentEntries(1, 10);
        assertThat(progress).hasToString("StateReplicate match=0 next=4 paused inflight=2[full]");
        progress.resume();
        progress.sentEntries(0, 0);
        assertThat(progress.isPaused()).as("the window is still full").isTrue();
        progress.acknowledge(2);
        progress.inflights().freeThrough(2);
        assertThat(progress).hasToString("StateReplicate match=2 next=4 inflight=1");
        progress.sentEntries(1, 95);
        assertThat(progress.isPaused()).as("too many bytes").isTrue();
    }

    @Test
    void rejectionMovesNextBackOnlyWhenGenuine() {
        Progress progress = probing(12);
        assertThat(progress.reject(10, 3)).as("stale").isFalse();
        assertThat(progress.reject(11, 3)).isTrue();
        assertThat(progress.next()).isEqualTo(4);
        progress.acknowledge(5);
        progress.becomeReplicate();
        progress.sentEntries(4, 4);
        assertThat(progress.reject(5, 2)).as("acknowledged before").isFalse();
        assertThat(progress.reject(9, 2)).isTrue();
        assertThat(progress.next()).isEqualTo(6);
    }

    @Test
    void snapshotMovesThePeerPastItUnlessItFailed() {
        Progress progress = probing(5);
        progress.becomeSnapshot(20);
        assertThat(progress).hasToString("StateSnapshot match=0 next=21 paused pendingSnap=20");
        assertThatThrownBy(() -> progress.sentEntries(1, 1)).isInstanceOf(IllegalStateException.class);
        progress.becomeProbe();
        assertThat(progress.next()).isEqualTo(21);
        progress.becomeSnapshot(30);
        progress.forgetSnapshot();
        progress.becomeProbe();
        assertThat(progress.next()).isEqualTo(1);
    }

    @Test
    void commitIsLackingOnlyWhereThePeerCouldUseIt() {
        Progress progress = probing(1);
        progress.becomeReplicate();
        progress.sentEntries(5, 5);
        progress.sentCommit(3);
        assertThat(progress.lacksCommit(3)).isFalse();
        assertThat(progress.lacksCommit(4)).isTrue();
        progress.sentCommit(5);
        assertThat(progress.lacksCommit(9))
                .as("it has been told of all that it has")
                .isFalse();
    }

    @Test
    void windowBehavesLikeAQueue() {
        Random random = new Random(1);
        Inflights window = new Inflights(40, 0);
        Deque<Long> model = new ArrayDeque<>();
        long index = 0;
        for (int run = 0; run < 10_000; run++) {
            if (random.nextInt(3) > 0 && !window.isFull()) {
                window.add(++index, 1);
                model.add(index);
            } else {
                long through = index - random.nextInt(45);
                window.freeThrough(through);
                model.removeIf(sent -> sent <= through);
            }
            assertThat(window.count()).isEqualTo(model.size());
            assertThat(window.bytes()).isEqualTo(model.size());
            assertThat(window.isFull()).isEqualTo(model.size() == 40);
        }
    }
}
