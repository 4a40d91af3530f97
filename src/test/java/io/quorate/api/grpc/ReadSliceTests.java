package io.quorate.api.grpc;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ReadSliceTests {

    @Test
    void sliceWhenTheReadIsSmallIsEnough() {
        assertThatCode(() -> read(1_000, 200)).doesNotThrowAnyException();
    }

    @Test
    void sliceWhenManyRecordsAreLookedAtIsUsedUpEvenIfNoneIsTaken() {
        assertThatThrownBy(() -> read(1_001, 0)).isInstanceOf(ReadSlice.UsedUpException.class);
    }

    @Test
    void sliceWhenAnAnswerIsLargeIsUsedUp() {
        assertThatThrownBy(() -> read(3, 100 << 10)).isInstanceOf(ReadSlice.UsedUpException.class);
    }

    private static void read(int records, long bytes) {
        ReadSlice slice = new ReadSlice();
        for (int i = 0; i < records; i++) {
            slice.visit();
            slice.take(bytes);
        }
    }
}
