package io.quorate.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.raft.ConfState;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.HardState;
import io.quorate.raft.confchange.ChangeType;
import io.quorate.raft.confchange.ConfChange;
import io.quorate.raft.confchange.ConfChangeCodec;
import java.util.List;
import org.junit.jupiter.api.Test;

class LoneLogTests {

    private static final ConfState THREE = ConfState.ofVoters(List.of(1L, 2L, 3L));

    private static Entry normal(long index) {
        return new Entry(2, index, EntryType.NORMAL, new byte[] {1});
    }

    @Test
    void ofWhenOthersAreMembersRemovesThemBehindAllEntries() {
        LoneLog log = LoneLog.of(new HardState(2, 1, 5), List.of(normal(4), normal(5), normal(6)), THREE, 1);
        assertThat(log.entries()).extracting(Entry::index).containsExactly(4L, 5L, 6L, 7L, 8L);
        assertThat(log.appended()).extracting(Entry::index).containsExactly(7L, 8L);
        assertThat(log.appended())
                .extracting(entry -> ConfChangeCodec.decode(entry).toString())
                .containsExactly("r2", "r3");
        assertThat(log.hardState()).isEqualTo(new HardState(2, 1, 8));
    }

    @Test
    void ofWhenACommittedEntryAddsAMemberRemovesItToo() {
        byte[] adds = ConfChangeCodec.encode(ConfChange.of(ChangeType.ADD_LEARNER_NODE, 9), EntryType.CONF_CHANGE);
        Entry change = new Entry(2, 1, EntryType.CONF_CHANGE, adds);
        LoneLog log = LoneLog.of(new HardState(2, 1, 1), List.of(change), ConfState.ofVoters(List.of(1L)), 1);
        assertThat(log.appended())
                .extracting(entry -> ConfChangeCodec.decode(entry).toString())
                .containsExactly("r9");
    }

    @Test
    void ofWhenAloneAlreadyTakesAllForCommitted() {
        LoneLog log =
                LoneLog.of(new HardState(2, 1, 1), List.of(normal(1), normal(2)), ConfState.ofVoters(List.of(1L)), 1);
        assertThat(log.entries()).extracting(Entry::index).containsExactly(1L, 2L);
        assertThat(log.appended()).isEmpty();
        assertThat(log.hardState()).isEqualTo(new HardState(2, 1, 2));
    }

    @Test
    void ofWhenAnUncommittedEntryRemovesThisMemberEndsThere() {
        byte[] removes = ConfChangeCodec.encode(ConfChange.of(ChangeType.REMOVE_NODE, 1), EntryType.CONF_CHANGE);
        Entry change = new Entry(2, 3, EntryType.CONF_CHANGE, removes);
        LoneLog log = LoneLog.of(
                new HardState(2, 1, 1),
                List.of(normal(1), normal(2), change, normal(4)),
                ConfState.ofVoters(List.of(1L, 2L)),
                1);
        assertThat(log.entries()).extracting(Entry::index).containsExactly(1L, 2L, 3L);
        assertThat(log.appended())
                .extracting(entry -> ConfChangeCodec.decode(entry).toString())
                .containsExactly("r2");
    }
}
