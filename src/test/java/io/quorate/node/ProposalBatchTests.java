package io.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProposalBatchTests {

    private final ProposalBatch batch = new ProposalBatch();
    private final List<Integer> dropped = new ArrayList<>();
    private final List<Integer> crowdedOut = new ArrayList<>();

    private final class Numbered implements Proposal {

        private final int number;
        private final boolean awaited;
        private final long term;

        Numbered(int number, boolean awaited, long term) {
            this.number = number;
            this.awaited = awaited;
            this.term = term;
        }

        @Override
        public byte[] data() {
            return new byte[] {(byte) number};
        }

        @Override
        public boolean isAwaited() {
            return awaited;
        }

        @Override
        public long leaderTerm() {
            return term;
        }

        @Override
        public void dropped() {
            dropped.add(number);
        }

        @Override
        public void crowdedOut() {
            crowdedOut.add(number);
        }
    }

    private void add(int number) {
        batch.add(new Numbered(number, true, 0));
    }

    private void assertHolds(int... numbers) {
        assertThat(batch.payloads()).extracting(data -> (int) data[0]).containsExactly(box(numbers));
        assertThat(batch.size()).isEqualTo(numbers.length);
        assertThat(batch.isEmpty()).isEqualTo(numbers.length == 0);
    }

    private static Integer[] box(int... numbers) {
        return Arrays.stream(numbers).boxed().toArray(Integer[]::new);
    }

    @Test
    void keepAwaitedWhenCallersGaveUpDropsTheirs() {
        add(1);
        batch.add(new Numbered(2, false, 0));
        add(3);
        batch.keepAwaited(5);
        assertHolds(1, 3);
        assertThat(dropped).containsExactly(2);
    }

    @Test
    void keepAwaitedWhenThereAreTooManyDropsTheYoungest() {
        add(1);
        add(2);
        add(3);
        batch.keepAwaited(2);
        assertHolds(1, 2);
        assertThat(dropped).containsExactly(3);
    }

    @Test
    void keepOfTermKeepsThoseOfTheTermAndOfAny() {
        assertThat(batch.hasLeaderTerms()).isFalse();
        add(1);
        assertThat(batch.hasLeaderTerms()).isFalse();
        batch.add(new Numbered(2, true, 7));
        batch.add(new Numbered(3, true, 8));
        assertThat(batch.hasLeaderTerms()).isTrue();
        batch.keepOfTerm(8);
        assertHolds(1, 3);
        assertThat(dropped).containsExactly(2);
        batch.keepOfTerm(0);
        assertHolds(1);
        assertThat(batch.hasLeaderTerms()).isFalse();
    }

    @Test
    void dropWhenTooMuchIsUncommittedSaysSo() {
        add(1);
        add(2);
        batch.drop(true);
        assertThat(crowdedOut).containsExactly(1, 2);
        assertThat(dropped).isEmpty();
        assertHolds();
    }

    @Test
    void dropWhenItIsForAnotherReasonSaysThat() {
        batch.add(new Numbered(1, true, 3));
        batch.drop(false);
        assertThat(dropped).containsExactly(1);
        assertThat(crowdedOut).isEmpty();
        assertThat(batch.hasLeaderTerms()).isFalse();
        assertHolds();
    }

    @Test
    void crowdedOutWhenTheProposalMakesNoDifferenceIsADrop() {
        Proposal plain = new Proposal() {

            @Override
            public byte[] data() {
                return new byte[0];
            }

            @Override
            public void dropped() {
                dropped.add(9);
            }
        };
        plain.crowdedOut();
        assertThat(dropped).containsExactly(9);
    }
}
