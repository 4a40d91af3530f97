package io.quorate.raft.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Repeat a failed seed with {@code -Dquorate.simulation.seed=N}. */
class SimulationTests {

    private static final String SEED_PROPERTY = "quorate.simulation.seed";

    static LongStream seeds() {
        Long chosen = Long.getLong(SEED_PROPERTY);
        return chosen != null ? LongStream.of(chosen) : LongStream.range(0, 60);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void invariantsHoldInAStormAndProgressReturnsInTheCalm(long seed) {
        Simulation simulation = new Simulation(seed);
        simulation.storm(15_000);
        simulation.calm();
    }

    @Test
    void stormsAreNotEmpty() {
        int reads = 0;
        int leaders = 0;
        long applied = 0;
        for (long seed = 0; seed < 5; seed++) {
            Simulation simulation = new Simulation(seed);
            simulation.storm(15_000);
            reads += simulation.readsAnswered();
            leaders += simulation.leadersSeen();
            applied += simulation.appliedMost();
        }
        assertThat(reads).isGreaterThan(50);
        assertThat(leaders).isGreaterThan(10);
        assertThat(applied).isGreaterThan(500);
    }

    @Test
    @Tag("long")
    void invariantsHoldForManySeeds() {
        for (long seed = 1_000; seed < 6_000; seed++) {
            try {
                invariantsHoldInAStormAndProgressReturnsInTheCalm(seed);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ", repeat with -D" + SEED_PROPERTY + "=" + seed, e);
            }
        }
    }
}
