package io.quorate.apply;

import static io.quorate.fixture.Expected.present;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.base.Fault;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.membership.Member;
import io.quorate.membership.MemberJson;
import io.quorate.raft.ConfState;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.confchange.ChangeType;
import io.quorate.raft.confchange.ConfChange;
import io.quorate.raft.confchange.ConfChange.MemberChange;
import io.quorate.raft.confchange.ConfChangeCodec;
import io.quorate.raft.confchange.Transition;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of members as they are applied: all members must judge alike, and the core must count with what is stored. */
class ConfChangeApplierTests {

    @TempDir
    private Path directory;

    private ApplyFixture fixture;

    @BeforeEach
    void found() {
        fixture = new ApplyFixture(directory);
        change(ChangeType.ADD_NODE, 1, MemberJson.encode(member(1, false)));
        fixture.toldToTheNode.clear();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private static Member member(long id, boolean learner) {
        return Member.announced(id, "", List.of("http://m" + id + ":2380"), learner);
    }

    private Entry entry(ChangeType type, long id, byte[] context) {
        long index = fixture.nextIndex();
        ConfChange change = new ConfChange(index, Transition.AUTO, List.of(new MemberChange(type, id)), context);
        return new Entry(
                ApplyFixture.TERM, index, EntryType.CONF_CHANGE, ConfChangeCodec.encode(change, EntryType.CONF_CHANGE));
    }

    private Outcome change(ChangeType type, long id, byte[] context) {
        Entry entry = entry(type, id, context);
        fixture.applyEntries(List.of(entry));
        return present(fixture.outcomes.get(entry.index()));
    }

    private Outcome add(long id) {
        return change(ChangeType.ADD_NODE, id, MemberJson.encode(member(id, false)));
    }

    private List<Long> voters() {
        return fixture.confChanges.confState().voters();
    }

    private static void assertRefused(Outcome outcome, RequestError error) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.cause())
                                .isInstanceOfSatisfying(
                                        RequestException.class,
                                        cause -> assertThat(cause.error()).isEqualTo(error)));
    }

    @Test
    void applyWhenAMemberIsAddedStoresItAndCountsWithIt() {
        assertThat(add(2)).isInstanceOf(Outcome.Later.class);
        assertThat(fixture.membership.member(2)).isEqualTo(member(2, false));
        assertThat(voters()).containsExactly(1L, 2L);
        assertThat(fixture.toldToTheNode).containsExactly("2 v2 [1, 2]");
        assertThat(StoredConfState.load(fixture.database)).isEqualTo(ConfState.ofVoters(List.of(1L, 2L)));
    }

    /** A refused change that counts nevertheless makes quorums of members that are not there. */
    @Test
    void applyWhenRefusedChangesNeitherMembersNorConfiguration() {
        Member thief = Member.announced(9, "", List.of("http://m1:2380"), false);
        assertRefused(change(ChangeType.ADD_NODE, 9, MemberJson.encode(thief)), RequestError.PEER_URL_EXISTS);
        assertThat(fixture.membership.member(9)).isNull();
        assertThat(voters()).containsExactly(1L);
        assertThat(StoredConfState.load(fixture.database)).isEqualTo(ApplyFixture.ALONE);
        assertThat(fixture.toldToTheNode)
                .as("the core, which takes up the next change")
                .containsExactly("2 u0 [1]");
    }

    @Test
    void applyWhenAMemberIsNotThereRefusesToRemoveIt() {
        assertRefused(change(ChangeType.REMOVE_NODE, 7, new byte[0]), RequestError.MEMBER_NOT_FOUND);
        assertThat(voters()).containsExactly(1L);
    }

    @Test
    void applyWhenAMemberIsRemovedIsForGood() {
        add(2);
        assertThat(change(ChangeType.REMOVE_NODE, 2, new byte[0])).isInstanceOf(Outcome.Later.class);
        assertThat(fixture.membership.isRemoved(2)).isTrue();
        assertThat(voters()).containsExactly(1L);
        assertThat(add(2)).isInstanceOf(Outcome.Refused.class);
        assertThat(voters()).containsExactly(1L);
    }

    @Test
    void applyWhenALearnerIsPromotedMakesItAVoter() {
        Member learner = member(3, true);
        change(ChangeType.ADD_LEARNER_NODE, 3, MemberJson.encode(learner));
        assertThat(voters()).containsExactly(1L);
        assertThat(fixture.confChanges.confState().learners()).containsExactly(3L);
        change(ChangeType.ADD_NODE, 3, MemberJson.encodePromotion(learner));
        assertThat(voters()).containsExactly(1L, 3L);
        assertThat(fixture.membership.member(3)).isEqualTo(member(3, false));
        assertRefused(
                change(ChangeType.ADD_NODE, 3, MemberJson.encodePromotion(learner)), RequestError.MEMBER_NOT_LEARNER);
    }

    @Test
    void applyWhenUrlsChangeLeavesTheConfigurationAlone() {
        Member moved = Member.announced(1, "", List.of("http://elsewhere:2380"), false);
        assertThat(change(ChangeType.UPDATE_NODE, 1, MemberJson.encode(moved))).isInstanceOf(Outcome.Later.class);
        assertThat(present(fixture.membership.member(1)).peerUrls()).containsExactly("http://elsewhere:2380");
        assertThat(voters()).containsExactly(1L);
    }

    @Test
    void resultComesWhenTheCoreCountsWithTheChange() {
        Outcome.Later later = (Outcome.Later) add(2);
        CompletableFuture<?> result = later.stage().get().toCompletableFuture();
        assertThat(result).isNotDone();
        List<CompletableFuture<Void>> unsettled = fixture.applyAll.takeUnsettled();
        assertThat(unsettled).hasSize(2); // with the founder's own
        unsettled.forEach(change -> change.complete(null));
        assertThat(result).isCompleted();
        assertThat(fixture.applyAll.takeUnsettled()).isEmpty();
    }

    /** After a restart the stored configuration has the change, and a refused one must not be judged anew. */
    @Test
    void applyWhenReplayedWithAStoredConfigurationHasNoEffect() {
        Entry added = entry(ChangeType.ADD_NODE, 2, MemberJson.encode(member(2, false)));
        fixture.applyEntries(List.of(added));
        fixture.database.flush();
        fixture.close();
        fixture = new ApplyFixture(directory);
        fixture.applyEntries(List.of(added));
        assertThat(voters()).containsExactly(1L, 2L);
        assertThat(fixture.toldToTheNode).containsExactly("2 u0 [1, 2]");
        assertThat(fixture.outcomes.get(added.index())).isInstanceOf(Outcome.Later.class);
    }

    @Test
    void applyWhenAChangeDescribesAnotherMemberIsAFault() {
        Entry lying = entry(ChangeType.ADD_NODE, 2, MemberJson.encode(member(3, false)));
        assertThatThrownBy(() -> fixture.applyEntries(List.of(lying))).isInstanceOf(Fault.class);
    }

    @Test
    void restoreTakesTheConfigurationOfASnapshot() {
        fixture.confChanges.restore(ConfState.ofVoters(List.of(1L, 4L)));
        assertThat(voters()).containsExactly(1L, 4L);
    }
}
