package io.quorate.raft.readonly;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.raft.quorum.IdSet;
import io.quorate.raft.readonly.PendingReads.ReadRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class PendingReadsTests {

    private static final Predicate<IdSet> TWO = ids -> ids.size() >= 2;

    private final PendingReads reads = new PendingReads(3);

    private boolean add(String context) {
        return reads.add(new ReadRequest(1, 5, bytes(context)));
    }

    private List<String> acknowledge(String context, long member) {
        return texts(reads.acknowledge(bytes(context), member, TWO));
    }

    private static List<String> texts(List<ReadRequest> requests) {
        return requests.stream()
                .map(read -> new String(read.context(), StandardCharsets.UTF_8))
                .toList();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void answersToANewerRoundConfirmOlderReads() {
        add("a");
        add("b");
        add("c");
        assertThat(acknowledge("b", 1)).isEmpty();
        assertThat(acknowledge("b", 1)).as("the same member again").isEmpty();
        assertThat(acknowledge("a", 2)).as("a round of its own").isEmpty();
        assertThat(acknowledge("b", 2)).containsExactly("a", "b");
        assertThat(acknowledge("a", 3)).as("late").isEmpty();
        assertThat(reads.newestContext()).isEqualTo(bytes("c"));
    }

    @Test
    void sameContextIsTakenUpOnceAndNotMoreThanTheLimit() {
        assertThat(add("a")).isTrue();
        assertThat(add("a")).isFalse();
        assertThat(add("b")).isTrue();
        assertThat(add("c")).isTrue();
        assertThat(add("d")).isFalse();
        reads.clear();
        assertThat(reads.newestContext()).isNull();
        assertThat(add("d")).isTrue();
    }

    @Test
    void newQuorumConfirmsUpToTheNewestRoundThatHasIt() {
        add("a");
        add("b");
        add("c");
        acknowledge("b", 1);
        assertThat(texts(reads.takeConfirmed(ids -> ids.contains(1)))).containsExactly("a", "b");
        assertThat(reads.takeConfirmed(ids -> ids.contains(1))).isEmpty();
        assertThat(reads.size()).isEqualTo(1);
    }
}
