package io.quorate.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.base.RequestError;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MembershipTests {

    private static final Member A = Member.announced(1, "a", List.of("http://a:1"), false);
    private static final Member LEARNER = Member.announced(2, "", List.of("http://b:1"), true);

    private final MemoryMembers disk = new MemoryMembers();
    private Membership membership;

    @BeforeEach
    void addTwo() {
        membership = disk.open();
        membership.put(A);
        membership.put(LEARNER);
    }

    private static Member newcomer(long id, String url, boolean learner) {
        return Member.announced(id, "", List.of(url), learner);
    }

    @Test
    void refusalToAddWhenNothingSpeaksAgainstItIsNone() {
        assertThat(membership.refusalToAdd(newcomer(3, "http://c:1", false), 1)).isNull();
        assertThat(membership.refusalToAdd(newcomer(3, "http://c:1", true), 2)).isNull();
    }

    @Test
    void refusalToAddWhenItCannotBeSaysWhy() {
        assertThat(membership.refusalToAdd(newcomer(1, "http://c:1", false), 1)).isEqualTo(RequestError.MEMBER_EXISTS);
        assertThat(membership.refusalToAdd(newcomer(3, "http://a:1", false), 1))
                .isEqualTo(RequestError.PEER_URL_EXISTS);
        assertThat(membership.refusalToAdd(newcomer(3, "http://c:1", true), 1))
                .isEqualTo(RequestError.TOO_MANY_LEARNERS);
    }

    @Test
    void removeWhenDoneLetsTheIdNeverComeBack() {
        membership.remove(2);
        assertThat(membership.refusalToAdd(LEARNER, 5)).isEqualTo(RequestError.MEMBER_NOT_FOUND);
        assertThat(membership.refusalToRemove(2)).isEqualTo(RequestError.MEMBER_NOT_FOUND);
        assertThat(disk.open().isRemoved(2)).isTrue();
        assertThat(disk.open().members()).containsExactly(A);
    }

    @Test
    void promoteWhenALearnerMakesItAVoter() {
        assertThat(membership.refusalToPromote(2)).isNull();
        membership.promote(2);
        assertThat(membership.refusalToPromote(2)).isEqualTo(RequestError.MEMBER_NOT_LEARNER);
        assertThat(membership.refusalToPromote(9)).isEqualTo(RequestError.MEMBER_NOT_FOUND);
    }

    @Test
    void updateWhenPeerUrlsChangeKeepsTheRest() {
        membership.updateAttributes(1, "renamed", List.of("http://a:2"));
        assertThat(membership.refusalToUpdate(1, List.of("http://b:1"))).isEqualTo(RequestError.PEER_URL_EXISTS);
        assertThat(membership.refusalToUpdate(1, List.of("http://a:1", "http://a:9")))
                .isNull();
        membership.updatePeerUrls(1, List.of("http://a:9"));
        assertThat(membership.member(1))
                .isEqualTo(new Member(1L, "renamed", List.of("http://a:9"), List.of("http://a:2"), false));
    }

    @Test
    void restoreWhenTheStoreWasReplacedForgetsWhoIsGone() {
        AtomicInteger told = new AtomicInteger();
        membership.onChange(told::incrementAndGet);
        disk.stored.deleteById(2L);
        disk.removed.add(2);
        membership.restore();
        assertThat(membership.members()).containsExactly(A);
        assertThat(membership.isRemoved(2)).isTrue();
        assertThat(told).hasValue(1);
    }
}
