package io.quorate.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** How keys that are gone are cut into steps. */
class SnapshotLoadingTests {

    private static final String HALF = "k".repeat(RecordBatch.BYTES_MAX / 2);
    private static final String LARGE = "k".repeat(RecordBatch.REVISION_BYTES_MAX);

    @Test
    void keysWhenTooManyForAStepAreSentInParts() {
        assertThat(SnapshotLoading.parts(List.of("a", LARGE, "b", HALF, "c", HALF)))
                .containsExactly(List.of("a"), List.of(LARGE), List.of("b", HALF, "c"), List.of(HALF));
        assertThat(SnapshotLoading.parts(List.of(HALF, HALF, "a"))).containsExactly(List.of(HALF, HALF), List.of("a"));
        assertThat(SnapshotLoading.parts(List.of())).isEmpty();
    }
}
