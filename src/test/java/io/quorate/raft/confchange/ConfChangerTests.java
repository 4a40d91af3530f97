package io.quorate.raft.confchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.raft.ConfState;
import io.quorate.raft.confchange.ConfChange.MemberChange;
import io.quorate.raft.confchange.ConfChanger.InvalidConfChangeException;
import io.quorate.raft.quorum.IdSet;
import io.quorate.raft.tracker.Configuration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** From one configuration to the next, and what must not be (thesis, section 4.3). */
class ConfChangerTests {

    private static final Configuration THREE = Configuration.of(ConfState.ofVoters(List.of(1L, 2L, 3L)));

    private static MemberChange add(long id) {
        return new MemberChange(ChangeType.ADD_NODE, id);
    }

    private static MemberChange learner(long id) {
        return new MemberChange(ChangeType.ADD_LEARNER_NODE, id);
    }

    private static MemberChange remove(long id) {
        return new MemberChange(ChangeType.REMOVE_NODE, id);
    }

    private static ConfChanger.Outcome apply(Configuration before, Transition transition, MemberChange... changes) {
        return ConfChanger.apply(before, ConfChange.of(transition, Arrays.asList(changes)));
    }

    private static ConfState simple(Configuration before, MemberChange... changes) {
        return apply(before, Transition.AUTO, changes).configuration().toConfState();
    }

    @Test
    void applyWhenOneVoterChangesDoesItAtOnce() {
        assertThat(simple(THREE, add(4)).voters()).containsExactly(1L, 2L, 3L, 4L);
        assertThat(simple(THREE, remove(3)).voters()).containsExactly(1L, 2L);
        assertThat(simple(THREE, learner(4)))
                .isEqualTo(new ConfState(List.of(1L, 2L, 3L), List.of(), List.of(4L), List.of(), false));
        assertThat(simple(THREE, learner(3)))
                .isEqualTo(new ConfState(List.of(1L, 2L), List.of(), List.of(3L), List.of(), false));
    }

    @Test
    void applyWhenALearnerBecomesAVoterIsNoLearnerAnyMore() {
        Configuration before = apply(THREE, Transition.AUTO, learner(4)).configuration();
        assertThat(simple(before, add(4))).isEqualTo(ConfState.ofVoters(List.of(1L, 2L, 3L, 4L)));
    }

    @Test
    void applyTellsWhoIsNew() {
        assertThat(apply(THREE, Transition.AUTO, add(4)).fresh()).isEqualTo(IdSet.of(4L));
        assertThat(apply(THREE, Transition.AUTO, learner(4)).fresh()).isEqualTo(IdSet.of(4L));
        assertThat(apply(THREE, Transition.AUTO, learner(3)).fresh()).isEqualTo(IdSet.EMPTY);
        assertThat(apply(THREE, Transition.JOINT_IMPLICIT, add(4), remove(4)).fresh())
                .isEqualTo(IdSet.EMPTY);
    }

    @Test
    void applyWhenVotersChangeTogetherKeepsBothMajorities() {
        ConfState joint =
                apply(THREE, Transition.AUTO, add(4), remove(1)).configuration().toConfState();
        assertThat(joint)
                .isEqualTo(new ConfState(List.of(2L, 3L, 4L), List.of(1L, 2L, 3L), List.of(), List.of(), true));
        ConfState explicit =
                apply(THREE, Transition.JOINT_EXPLICIT, add(4)).configuration().toConfState();
        assertThat(explicit.autoLeave()).isFalse();
        assertThat(explicit.votersOutgoing()).containsExactly(1L, 2L, 3L);
    }

    /** Until the outgoing half is gone, its vote counts. */
    @Test
    void applyWhenAVoterBecomesALearnerInAJointChangeWaits() {
        Configuration joint =
                apply(THREE, Transition.JOINT_EXPLICIT, learner(3), add(4)).configuration();
        assertThat(joint.toConfState())
                .isEqualTo(new ConfState(List.of(1L, 2L, 4L), List.of(1L, 2L, 3L), List.of(), List.of(3L), false));
        assertThat(ConfChanger.apply(joint, ConfChange.leaveJoint())
                        .configuration()
                        .toConfState())
                .isEqualTo(new ConfState(List.of(1L, 2L, 4L), List.of(), List.of(3L), List.of(), false));
    }

    @Test
    void applyWhenAlreadyJointRefusesAllButLeaving() {
        Configuration joint = apply(THREE, Transition.JOINT_EXPLICIT, add(4)).configuration();
        assertThatThrownBy(() -> apply(joint, Transition.AUTO, add(5)))
                .isInstanceOf(InvalidConfChangeException.class)
                .hasMessageContaining("in joint config");
        assertThatThrownBy(() -> apply(joint, Transition.JOINT_EXPLICIT, add(5)))
                .isInstanceOf(InvalidConfChangeException.class)
                .hasMessageContaining("already joint");
        assertThatThrownBy(() -> ConfChanger.apply(THREE, ConfChange.leaveJoint()))
                .isInstanceOf(InvalidConfChangeException.class);
    }

    @Test
    void applyWhenNoVoterWouldStayRefuses() {
        Configuration alone = Configuration.of(ConfState.ofVoters(List.of(1L)));
        assertThatThrownBy(() -> simple(alone, remove(1))).isInstanceOf(InvalidConfChangeException.class);
        assertThatThrownBy(() -> apply(alone, Transition.JOINT_EXPLICIT, remove(1)))
                .isInstanceOf(InvalidConfChangeException.class);
        Configuration nobody = Configuration.of(ConfState.EMPTY);
        assertThatThrownBy(() -> apply(nobody, Transition.JOINT_EXPLICIT, add(1)))
                .isInstanceOf(InvalidConfChangeException.class)
                .hasMessageContaining("zero-voter");
    }

    @Test
    void simpleWhenTwoVotersWouldChangeRefuses() {
        assertThatThrownBy(() -> ConfChanger.simple(THREE, List.of(add(4), add(5))))
                .isInstanceOf(InvalidConfChangeException.class)
                .hasMessageContaining("more than one voter");
        assertThatThrownBy(() -> ConfChanger.simple(THREE, List.of(add(4), remove(1))))
                .isInstanceOf(InvalidConfChangeException.class);
    }

    @Test
    void applyWhenItsTargetWasClearedChangesNothing() {
        assertThat(simple(THREE, add(0))).isEqualTo(THREE.toConfState());
        assertThat(simple(THREE, new MemberChange(ChangeType.UPDATE_NODE, 2))).isEqualTo(THREE.toConfState());
    }
}
