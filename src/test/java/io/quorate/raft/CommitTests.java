package io.quorate.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a leader of three may take for committed (thesis, section 3.6.2). */
class CommitTests {

    private static final ConfState THREE = ConfState.ofVoters(List.of(1L, 2L, 3L));

    /** Its log ends with two entries of term 1, of which it does not know whether they are committed. */
    private static TestMember leaderOfTerm2() {
        MemoryLogStorage storage = new MemoryLogStorage();
        storage.setConfState(THREE);
        storage.append(List.of(entry(1), entry(2)));
        storage.setHardState(new HardState(1, 0, 0));
        TestMember member = new TestMember(TestMember.plainConfig(1).build(), storage);
        member.node.campaign();
        member.settle();
        member.node.step(from2(MessageType.VOTE_RESP, 0));
        member.settle();
        assertThat(member.node.status().role()).isEqualTo(Role.LEADER);
        assertThat(member.node.status().term()).isEqualTo(2);
        return member;
    }

    private static Entry entry(long index) {
        return new Entry(1, index, EntryType.NORMAL, new byte[] {(byte) index});
    }

    private static Message from2(MessageType type, long index) {
        return Message.builder().type(type).from(2).to(1).term(2).index(index).build();
    }

    @Test
    void acknowledgementWhenOnlyEntriesOfAnEarlierTermHaveAQuorumCommitsNothing() {
        TestMember leader = leaderOfTerm2();
        leader.node.step(from2(MessageType.APP_RESP, 2));
        leader.settle();
        assertThat(leader.node.status().commit()).isZero();
        assertThat(leader.applied).isEmpty();
    }

    @Test
    void acknowledgementWhenAnEntryOfTheOwnTermHasAQuorumCommitsAllBeforeIt() {
        TestMember leader = leaderOfTerm2();
        leader.node.step(from2(MessageType.APP_RESP, 3));
        leader.settle();
        assertThat(leader.node.status().commit()).isEqualTo(3);
        assertThat(leader.applied).extracting(Entry::index).containsExactly(1L, 2L, 3L);
    }

    @Test
    void acknowledgementWhenItIsOfNoQuorumCommitsNothing() {
        TestMember leader = leaderOfTerm2();
        leader.node.step(from2(MessageType.APP_RESP, 1));
        leader.settle();
        assertThat(leader.node.status().commit()).isZero();
    }
}
