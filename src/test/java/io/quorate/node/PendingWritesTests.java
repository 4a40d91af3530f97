package io.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.raft.ConfState;
import java.util.List;
import org.junit.jupiter.api.Test;

class PendingWritesTests {

    private static final long ID = 7;
    private static final ConfState LONE = voters(ID);

    private static ConfState voters(Long... ids) {
        return ConfState.ofVoters(List.of(ids));
    }

    @Test
    void absorbWithoutAWriteIsFalse() {
        PendingWrites writes = new PendingWrites(ID, LONE);

        assertThat(writes.absorb()).as("nothing would wake the thread").isFalse();
    }

    @Test
    void absorbLastsUntilTheLastWriteIsReported() {
        PendingWrites writes = new PendingWrites(ID, LONE);
        writes.submitted();
        writes.submitted();
        assertThat(writes.absorb()).isTrue();

        writes.reported(1);
        assertThat(writes.absorb()).as("one is still under way").isTrue();
        writes.reported(1);
        assertThat(writes.absorb()).isFalse();
    }

    @Test
    void absorbWithOtherVotersIsFalse() {
        PendingWrites writes = new PendingWrites(ID, voters(ID, 8L));
        writes.submitted();

        assertThat(writes.absorb()).as("the other voter can have it at once").isFalse();
    }

    @Test
    void absorbEndsWhenAnotherVoterJoinsDuringAWrite() {
        PendingWrites writes = new PendingWrites(ID, LONE);
        writes.submitted();
        writes.changed(voters(ID, 8L));

        assertThat(writes.absorb()).isFalse();
        assertThat(writes.isAlone()).isFalse();
    }

    @Test
    void isAloneWhenTheOnlyVoterIsAnotherMemberIsFalse() {
        assertThat(new PendingWrites(ID, voters(8L)).isAlone()).isFalse();
    }
}
