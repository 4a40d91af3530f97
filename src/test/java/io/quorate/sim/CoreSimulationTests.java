package io.quorate.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.sim.core.CoreSimulation;
import io.quorate.sim.core.Plant;
import io.quorate.sim.invariant.Invariants;
import io.quorate.sim.world.Figures;
import io.quorate.sim.world.Seeds;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clusters of bare cores. Repeat a failed seed with {@code -Dsimulation.seed=N}. */
class CoreSimulationTests {

    static LongStream seeds() {
        return Seeds.first(200);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void runWhenEverythingGoesWrongKeepsEveryInvariant(long seed) {
        run(seed);
    }

    private static Figures run(long seed) {
        return completed(seed).figures();
    }

    private static CoreSimulation completed(long seed) {
        CoreSimulation simulation = new CoreSimulation(seed, Invariants.all(), Plant.NONE);
        try {
            simulation.run();
        } catch (AssertionError | RuntimeException cause) {
            throw Seeds.failure(CoreSimulationTests.class, seed, simulation.trace(), cause);
        }
        return simulation;
    }

    @Test
    void runWhenRepeatedIsTheSame() {
        assertThat(completed(7).trace().text())
                .isEqualTo(completed(7).trace().text());
    }

    @Test
    void runsWhenLookedAtAreNotEmpty() {
        long answered = 0;
        int leaders = 0;
        Set<String> troubles = new HashSet<>();
        for (long seed = 0; seed < 20; seed++) {
            Figures figures = run(seed);
            answered += figures.answered();
            leaders += figures.leaders();
            troubles.addAll(figures.troubles());
        }
        assertThat(answered).as("answers").isGreaterThan(4_000);
        assertThat(leaders).as("leaders").isGreaterThan(60);
        assertThat(troubles).as("kinds of trouble").hasSizeGreaterThan(20);
    }

    @Test
    @Tag("long")
    void runsWhenThereIsTimeStayClean() {
        Seeds.sweep("core simulation", seed -> run(seed).seconds());
    }
}
