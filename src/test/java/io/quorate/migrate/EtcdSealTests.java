package io.quorate.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.proto.AlarmRequest;
import io.quorate.proto.AlarmRequest.AlarmAction;
import io.quorate.proto.AlarmType;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whether an etcd was sealed, by its database and what its log has behind that. */
class EtcdSealTests {

    private static Entry alarm(AlarmAction action, AlarmType type, long member) {
        AlarmRequest request = AlarmRequest.newBuilder()
                .setAction(action)
                .setAlarm(type)
                .setMemberID(member)
                .build();
        return new Entry(
                1,
                9,
                EntryType.NORMAL,
                InternalRaftRequest.newBuilder().setAlarm(request).build().toByteArray());
    }

    @Test
    void isInWhenTheDatabaseOrTheLogHasItUntilItIsWithdrawn() {
        Entry sealing = alarm(AlarmAction.ACTIVATE, AlarmType.CORRUPT, EtcdSeal.MEMBER);
        Entry withdrawing = alarm(AlarmAction.DEACTIVATE, AlarmType.CORRUPT, EtcdSeal.MEMBER);
        assertThat(EtcdSeal.isIn(Set.of(EtcdSeal.MEMBER), List.of())).isTrue();
        assertThat(EtcdSeal.isIn(Set.of(), List.of(sealing))).isTrue();
        assertThat(EtcdSeal.isIn(Set.of(EtcdSeal.MEMBER), List.of(withdrawing))).isFalse();
        assertThat(EtcdSeal.isIn(Set.of(), List.of(withdrawing, sealing))).isTrue();
        assertThat(EtcdSeal.isIn(
                        Set.of(4L),
                        List.of(
                                alarm(AlarmAction.ACTIVATE, AlarmType.CORRUPT, 5),
                                alarm(AlarmAction.ACTIVATE, AlarmType.NOSPACE, EtcdSeal.MEMBER),
                                alarm(AlarmAction.GET, AlarmType.CORRUPT, EtcdSeal.MEMBER))))
                .isFalse();
        assertThat(Long.toString(EtcdSeal.MEMBER)).isEqualTo("31935793889113189");
    }
}
