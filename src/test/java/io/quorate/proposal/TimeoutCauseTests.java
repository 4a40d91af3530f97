package io.quorate.proposal;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.base.RequestError;
import io.quorate.fixture.ManualClock;
import io.quorate.membership.Member;
import io.quorate.membership.Membership;
import io.quorate.membership.MemoryMembers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The first of three members; what it is in touch with, and who leads, is said by the test. */
class TimeoutCauseTests {

    private static final long ID = 1;
    private static final Duration ELECTION = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(7);

    private final ManualClock clock = new ManualClock();
    private final Map<Long, Long> activeSince = new HashMap<>();
    private final Membership membership = new MemoryMembers().open();
    private long leader;
    private final TimeoutCause cause = new TimeoutCause(
            new KnownLeader(ID, () -> leader, () -> CompletableFuture.completedFuture(true), () -> 0),
            new Connectivity(membership, id -> activeSince.getOrDefault(id, 0L), clock),
            clock,
            ELECTION);

    @BeforeEach
    void threeMembers() {
        for (long id = ID; id <= 3; id++) {
            membership.put(Member.announced(id, "m" + id, List.of("http://m" + id + ":1"), false));
        }
        clock.advance(Duration.ofHours(1));
        activeSince.put(2L, clock.nanos());
        activeSince.put(3L, clock.nanos());
    }

    /** The error of a proposal that is made now and gets no result. */
    private RequestError unanswered(Runnable meanwhile) {
        long started = clock.nanos();
        meanwhile.run();
        clock.advance(TIMEOUT);
        return cause.of(started);
    }

    private RequestError unanswered() {
        return unanswered(() -> {});
    }

    private void lose(long member) {
        activeSince.remove(member);
    }

    private void becomeLeader() {
        leader = ID;
        cause.becameLeader();
    }

    @Test
    void ofWhenEveryOneIsThereIsPlain() {
        becomeLeader();
        clock.advance(ELECTION);
        assertThat(unanswered()).isEqualTo(RequestError.TIMEOUT);
        leader = 2;
        assertThat(unanswered()).isEqualTo(RequestError.TIMEOUT);
    }

    @Test
    void ofWhenNobodyLeadsIsPlain() {
        assertThat(unanswered(() -> lose(2))).isEqualTo(RequestError.TIMEOUT);
    }

    @Test
    void ofWhenMadeShortlyBeforeThisMemberWasElectedBlamesTheLeaderBefore() {
        assertThat(unanswered(() -> {
                    clock.advance(ELECTION.multipliedBy(2).minusNanos(1));
                    becomeLeader();
                }))
                .isEqualTo(RequestError.TIMEOUT_LEADER_FAILURE);
    }

    @Test
    void ofWhenMadeLongBeforeOrAfterTheElectionDoesNotBlameTheLeaderBefore() {
        assertThat(unanswered(() -> {
                    clock.advance(ELECTION.multipliedBy(2));
                    becomeLeader();
                }))
                .isEqualTo(RequestError.TIMEOUT);
        becomeLeader();
        assertThat(unanswered()).isEqualTo(RequestError.TIMEOUT);
    }

    @Test
    void ofWhenTheLeaderLostItsQuorumTellsOfTheConnection() {
        becomeLeader();
        assertThat(unanswered(() -> lose(2))).isEqualTo(RequestError.TIMEOUT);
        assertThat(unanswered(() -> lose(3))).isEqualTo(RequestError.TIMEOUT_CONNECTION_LOST);
    }

    @Test
    void ofWhenAFollowerLostItsLeaderTellsOfTheConnection() {
        leader = 2;
        assertThat(unanswered(() -> lose(3))).isEqualTo(RequestError.TIMEOUT);
        assertThat(unanswered(() -> lose(2))).isEqualTo(RequestError.TIMEOUT_CONNECTION_LOST);
    }

    @Test
    void ofWhenTheConnectionCameBackMeanwhileTellsOfIt() {
        leader = 2;
        assertThat(unanswered(() -> {
                    clock.advance(ELECTION);
                    activeSince.put(2L, clock.nanos());
                }))
                .isEqualTo(RequestError.TIMEOUT_CONNECTION_LOST);
    }
}
