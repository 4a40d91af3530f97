package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.fixture.MeterReader;
import io.quorate.raft.Ready.SoftState;
import io.quorate.raft.Role;
import org.junit.jupiter.api.Test;

class ConsensusStateTests {

    private static final SoftState NOBODY = new SoftState(0, Role.CANDIDATE);

    private final ConsensusState state = new ConsensusState(5);
    private final MeterReader meters = new MeterReader(state::register);

    private static SoftState following(long leader) {
        return new SoftState(leader, Role.FOLLOWER);
    }

    @Test
    void updateWhenAnotherLeaderIsKnownSaysSoAndCountsIt() {
        assertThat(state.update(following(2))).isTrue();
        assertThat(state.update(following(3))).isTrue();
        assertThat(state.leader()).isEqualTo(3);
        assertThat(state.leaderChanges()).isEqualTo(2);
    }

    @Test
    void updateWhenTheLeaderIsTheSameIsNoChange() {
        state.update(following(2));
        assertThat(state.update(following(2))).isFalse();
        assertThat(state.leaderChanges()).isEqualTo(1);
    }

    @Test
    void updateWhenTheLeaderIsLostIsNoChangeUntilThereIsOne() {
        state.update(following(2));
        assertThat(state.update(NOBODY)).isFalse();
        assertThat(state.leader()).isZero();
        assertThat(state.role()).isEqualTo(Role.CANDIDATE);
        assertThat(state.update(following(2))).isTrue();
        assertThat(state.leaderChanges()).isEqualTo(2);
    }

    @Test
    void committedNeverFalls() {
        assertThat(state.committedIndex()).isEqualTo(5);
        state.committed(9);
        state.committed(7);
        assertThat(state.committedIndex()).isEqualTo(9);
    }

    @Test
    void metersFollowTheState() {
        assertThat(meters.value("etcd_server_has_leader")).isZero();
        assertThat(meters.value("etcd_server_is_leader")).isZero();
        state.update(following(2));
        assertThat(meters.value("etcd_server_has_leader")).isEqualTo(1);
        assertThat(meters.value("etcd_server_is_leader")).isZero();
        state.update(new SoftState(1, Role.LEADER));
        assertThat(meters.value("etcd_server_is_leader")).isEqualTo(1);
        assertThat(meters.value("etcd_server_leader_changes_seen_total")).isEqualTo(2);
        assertThat(meters.value("etcd_server_proposals_committed_total")).isEqualTo(5);
    }
}
