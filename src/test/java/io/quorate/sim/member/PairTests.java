package io.quorate.sim.member;

import static io.quorate.fixture.Expected.present;
import static io.quorate.fixture.Expected.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.server.Snapshots;
import io.quorate.sim.world.Network;
import io.quorate.sim.world.Timeline;
import io.quorate.sim.world.Trace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two voters, of which one leads. */
class PairTests {

    private static final int ATTEMPTS = 30;
    private static final long SECOND = 1_000_000;

    /** Every fourth message gets lost. */
    private static final Network.Weather LOSSY = new Network.Weather(0.25, 0, 200, 300, 0);

    @TempDir
    private Path directory;

    private final Timeline timeline = new Timeline();
    private final Random random = new Random();
    private final Trace trace = new Trace(timeline);
    private Cluster cluster;
    private Network network;

    private SimulatedMember.World world;

    @BeforeEach
    void make() {
        cluster = new Cluster(directory);
        network = new Network(timeline, random, trace, (message, whole) -> cluster.arrived(world, message, whole));
        world = new SimulatedMember.World(
                timeline,
                random,
                trace,
                network,
                new ClusterChecks(),
                new TreeMap<>(),
                cluster,
                new Snapshots.Intervals(1_000, 100, 1 << 20, 1_000, Duration.ZERO),
                Long.MAX_VALUE,
                new Mishaps(1, timeline));
    }

    /** After this one of the two leads. */
    private void found(long seed) {
        random.setSeed(seed);
        cluster.found(world, 2);
        timeline.pass(10 * SECOND);
    }

    private SimulatedMember one(boolean leading) {
        return cluster.all().stream()
                .filter(member -> member.parts() != null && member.parts().isLeader() == leading)
                .findFirst()
                .orElseThrow();
    }

    @AfterEach
    void close() {
        cluster.all().forEach(SimulatedMember::close);
    }

    /** Would it just step down when it applies its removal, the other might never learn that the removal is committed. */
    @ParameterizedTest
    @CsvSource({
        "0, true",
        "1, true",
        "2, true",
        "3, true",
        "4, true",
        "5, true",
        "6, true",
        "7, true",
        "8, true",
        "9, true",
        "0, false",
        "1, false",
        "2, false",
        "3, false",
        "4, false",
        "5, false",
        "6, false",
        "7, false",
        "8, false"
    })
    void removeWhenTheOneThatLeadsIsRemovedLeavesTheOtherLeading(long seed, boolean askedAtTheLeader) {
        found(seed);
        SimulatedMember leader = one(true);
        SimulatedMember other = one(false);
        network.setWeather(LOSSY);
        for (int attempt = 0; attempt < ATTEMPTS && !leader.isGone(); attempt++) {
            CompletionStage<?> unused =
                    present((askedAtTheLeader ? leader : other).parts()).changes.remove(leader.id());
            timeline.pass(5 * SECOND);
        }

        assertThat(leader.isGone()).as(trace.text()).isTrue();
        timeline.pass(5 * SECOND); // it may still have to elect itself, if the hand-over was lost
        assertThat(present(other.parts()).isLeader()).as(trace.text()).isTrue();
        assertThat(present(other.parts()).progress.confState().voters()).isEqualTo(List.of(other.id()));
    }

    /** Nobody else would know any more that the removal was committed. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
    void removeWhenTheOneThatStaysLosesPowerAfterwardsLeavesItLeading(long seed) {
        found(seed);
        SimulatedMember leader = one(true);
        SimulatedMember other = one(false);
        CompletionStage<?> unused = present(leader.parts()).changes.remove(other.id());
        for (int wait = 0; wait < 10 * 100 && !other.isGone(); wait++) {
            timeline.pass(SECOND / 100);
        }
        assertThat(other.isGone()).as(trace.text()).isTrue();
        leader.crash();
        leader.start();
        timeline.pass(5 * SECOND);

        assertThat(present(leader.parts()).isLeader()).as(trace.text()).isTrue();
    }

    @Test
    void transferWhenTheOtherCannotBeReachedFailsInTime() {
        found(1);
        SimulatedMember leader = one(true);
        SimulatedMember other = one(false);
        network.split(List.of(leader.id()), List.of(other.id()));
        var transfer = present(leader.parts()).transfer.transfer(other.id(), Duration.ofMillis(500));
        timeline.pass(SECOND / 4);
        assertThat(transfer).isNotDone();
        timeline.pass(SECOND / 2);

        assertThatThrownBy(transfer::join)
                .hasCauseInstanceOf(RequestException.class)
                .satisfies(failure -> assertThat(refusal(failure)).isEqualTo(RequestError.LEADER_TRANSFER_TIMEOUT));
    }
}
