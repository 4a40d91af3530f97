package io.quorate.storage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DeadShareTests {

    @Test
    void ratioWhenHalfOfTheRecordsAreRemovedIsAHalf() {
        assertThat(DeadShare.parse("# data blocks=1; # entries=150; # deletions=50; raw key size=3;")
                        .ratio())
                .isEqualTo(0.5);
    }

    @Test
    void ratioWhenNothingIsThereIsNothing() {
        assertThat(DeadShare.parse("# data blocks=0; # entries=0; # deletions=0;")
                        .ratio())
                .isZero();
    }

    @Test
    void ratioWhenOnlyMarksAreLeftIsAll() {
        assertThat(DeadShare.parse("# entries=7; # deletions=7;").ratio()).isEqualTo(1);
    }
}
