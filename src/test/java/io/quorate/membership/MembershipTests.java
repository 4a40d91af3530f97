package io.quorate.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.base.RequestError;
import io.quorate.fixture.MapRepository;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MembershipTests {

    private static final Member A = Member.announced(1, "a", List.of("http://a:1"), false);
    private static final Member LEARNER = Member.announced(2, "", List.of("http://b:1"), true);

    private final Members stored = new Members();
    private final Removed removed = new Removed();
    private Membership membership;

    private static final class Members extends MapRepository<Member, Long> implements MemberRepository {
        Members() {
            super(Member::id);
        }
    }

    private static final class Removed implements RemovedMembers {
        private final Set<Long> ids = new HashSet<>();

        @Override
        public Set<Long> load() {
            return ids;
        }

        @Override
        public void add(long id) {
            ids.add(id);
        }
    }

    private static final class NoVersion implements Membership.ClusterVersionStore {

        @Override
        public @Nullable String load() {
            return null;
        }

        @Override
        public void save(String version) {
            throw new AssertionError("nobody sets a version here");
        }

        @Override
        public @Nullable String loadTarget() {
            return null;
        }

        @Override
        public void saveTarget(@Nullable String version) {
            throw new AssertionError("nobody sets a version here");
        }
    }

    private Membership open() {
        return new Membership(7, 1, stored, new NoVersion(), removed);
    }

    @BeforeEach
    void addTwo() {
        membership = open();
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
        assertThat(open().isRemoved(2)).isTrue();
        assertThat(open().members()).containsExactly(A);
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
        stored.deleteById(2L);
        removed.add(2);
        membership.restore();
        assertThat(membership.members()).containsExactly(A);
        assertThat(membership.isRemoved(2)).isTrue();
        assertThat(told).hasValue(1);
    }
}
