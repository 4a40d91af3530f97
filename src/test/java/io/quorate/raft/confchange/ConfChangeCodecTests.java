package io.quorate.raft.confchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.confchange.ConfChange.MemberChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Compares with the generated protobuf code. */
class ConfChangeCodecTests {

    private static ConfChange roundTrip(ConfChange change, EntryType form) {
        return ConfChangeCodec.decode(new Entry(1, 1, form, ConfChangeCodec.encode(change, form)));
    }

    @Test
    void randomChangesSurvive() throws InvalidProtocolBufferException {
        Random random = new Random(1);
        for (int run = 0; run < 2_000; run++) {
            List<MemberChange> steps = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                steps.add(new MemberChange(ChangeType.values()[random.nextInt(4)], random.nextLong()));
            }
            byte[] context = new byte[random.nextInt(300)];
            random.nextBytes(context);
            Transition transition = Transition.values()[random.nextInt(3)];
            ConfChange change = new ConfChange(0, transition, steps, context);
            ConfChange read = roundTrip(change, EntryType.CONF_CHANGE_V2);
            assertThat(read.transition()).isEqualTo(transition);
            assertThat(read.changes()).isEqualTo(steps);
            assertThat(read.context()).isEqualTo(context);
            assertReadableByProtobuf(change);
        }
    }

    private static void assertReadableByProtobuf(ConfChange change) throws InvalidProtocolBufferException {
        var read = io.quorate.proto.raftpb.ConfChangeV2.parseFrom(
                ConfChangeCodec.encode(change, EntryType.CONF_CHANGE_V2));
        assertThat(read.getTransition().getNumber())
                .isEqualTo(change.transition().number());
        assertThat(read.getContext().toByteArray()).isEqualTo(change.context());
        assertThat(read.getChangesCount()).isEqualTo(change.changes().size());
        for (int i = 0; i < read.getChangesCount(); i++) {
            assertThat(read.getChanges(i).getNodeId())
                    .isEqualTo(change.changes().get(i).nodeId());
            assertThat(read.getChanges(i).getType().getNumber())
                    .isEqualTo(change.changes().get(i).type().number());
        }
    }

    @Test
    void olderFormKeepsItsId() throws InvalidProtocolBufferException {
        ConfChange change = new ConfChange(
                77, Transition.AUTO, List.of(new MemberChange(ChangeType.REMOVE_NODE, -5)), new byte[] {1, 2});
        ConfChange read = roundTrip(change, EntryType.CONF_CHANGE);
        assertThat(read.id()).isEqualTo(77);
        assertThat(read.changes()).isEqualTo(change.changes());
        var byProtobuf =
                io.quorate.proto.raftpb.ConfChange.parseFrom(ConfChangeCodec.encode(change, EntryType.CONF_CHANGE));
        assertThat(byProtobuf.getNodeId()).isEqualTo(-5);
        assertThat(byProtobuf.getType().getNumber()).isEqualTo(ChangeType.REMOVE_NODE.number());
    }

    @Test
    void formIsChosenByNeed() {
        assertThat(ConfChange.of(ChangeType.ADD_NODE, 1).entryType()).isEqualTo(EntryType.CONF_CHANGE);
        assertThat(ConfChange.leaveJoint().entryType()).isEqualTo(EntryType.CONF_CHANGE_V2);
        ConfChange joint = ConfChange.of(Transition.JOINT_EXPLICIT, List.of(new MemberChange(ChangeType.ADD_NODE, 1)));
        assertThat(joint.entryType()).isEqualTo(EntryType.CONF_CHANGE_V2);
        assertThatThrownBy(() -> ConfChangeCodec.encode(joint, EntryType.CONF_CHANGE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void noDataLeavesAJointConfiguration() {
        Entry entry = new Entry(1, 1, EntryType.CONF_CHANGE_V2, new byte[0]);
        assertThat(ConfChangeCodec.decode(entry).leavesJoint()).isTrue();
    }

    @Test
    void malformedDataIsRefused() {
        for (byte[] data : new byte[][] {{8}, {18, 5, 1}, {8, 9}, {(byte) 0x80}, {15}}) {
            assertThatThrownBy(() -> ConfChangeCodec.decode(new Entry(1, 1, EntryType.CONF_CHANGE_V2, data)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
