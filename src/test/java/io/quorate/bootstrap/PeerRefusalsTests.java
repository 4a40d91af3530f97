package io.quorate.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.base.Delays;
import io.quorate.bootstrap.IdentityFinder.MemberIdentity;
import io.quorate.fixture.CapturedLog;
import io.quorate.fixture.ManualClock;
import io.quorate.membership.Member;
import io.quorate.membership.Membership;
import io.quorate.membership.MembershipException.WrongClusterException;
import io.quorate.membership.MemoryMembers;
import io.quorate.membership.SelfRemoval;
import io.quorate.node.transport.Refusal;
import io.quorate.proto.Metadata;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a member does that others do not want: one of three. */
class PeerRefusalsTests {

    private final ManualClock clock = new ManualClock();
    private final Delays delays = new Delays(clock);
    private final CapturedLog log = new CapturedLog(PeerRefusals.class);
    private final List<Throwable> ends = new ArrayList<>();
    private final Membership membership = new MemoryMembers().open();
    private boolean hasLeader;
    private PeerRefusals refusals;

    @BeforeEach
    void create() {
        for (long id = 1; id <= 3; id++) {
            membership.put(Member.announced(id, "m" + id, List.of("http://m" + id + ":2380"), false));
        }
        ClusterDirectory directory = new ClusterDirectory(
                membership, new MemberIdentity(Metadata.getDefaultInstance(), List.of(), Map.of()));
        refusals = new PeerRefusals(
                directory, new SelfRemoval(membership, ends::add, delays), 7, () -> hasLeader, ends::add, clock);
    }

    @AfterEach
    void release() {
        log.close();
    }

    @Test
    void removedWhenOneOfTwoOthersSaysSoTellsItOnceAMinuteAndGoesOn() {
        refusals.accept(3L, Refusal.REMOVED);
        refusals.accept(3L, Refusal.REMOVED);
        String line =
                "member m3 (3) says that this member was removed from the cluster; if that is right, stop it and empty"
                        + " its directory";
        assertThat(log.lines()).containsExactly(line);
        clock.advance(Duration.ofMinutes(1));
        refusals.accept(3L, Refusal.REMOVED);
        assertThat(log.lines()).containsExactly(line, line);
        assertThat(ends).isEmpty();
    }

    @Test
    void removedWhenThereIsALeaderSaysNothing() {
        hasLeader = true;
        refusals.accept(3L, Refusal.REMOVED);
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void clusterWhenAllOthersAreOfAnotherEnds() {
        refusals.accept(2L, Refusal.CLUSTER);
        assertThat(ends).isEmpty();
        refusals.accept(3L, Refusal.CLUSTER);
        assertThat(ends).hasSize(1).first().isInstanceOf(WrongClusterException.class);
        assertThat(ends.getFirst()).hasMessageContaining("m2 (2), m3 (3)");
    }
}
