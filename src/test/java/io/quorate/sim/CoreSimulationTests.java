package io.quorate.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.sim.core.CoreSimulation;
import io.quorate.sim.core.Plant;
import io.quorate.sim.invariant.Invariants;
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

    private static CoreSimulation run(long seed) {
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
        assertThat(run(7).trace().text()).isEqualTo(run(7).trace().text());
    }

    @Test
    void runsWhenLookedAtAreNotEmpty() {
        long answered = 0;
        int leaders = 0;
        Set<String> troubles = new HashSet<>();
        for (long seed = 0; seed < 20; seed++) {
            CoreSimulation simulation = run(seed);
            answered += simulation.answered();
            leaders += simulation.leadersSeen();
            troubles.addAll(simulation.troublesSeen());
        }
        assertThat(answered).as("answers").isGreaterThan(4_000);
        assertThat(leaders).as("leaders").isGreaterThan(60);
        assertThat(troubles).as("kinds of trouble").hasSizeGreaterThan(20);
    }

    @Test
    @Tag("long")
    void runsWhenThereIsTimeStayClean() {
        double[] seconds = {0};
        Seeds.sweep("core simulation", seed -> seconds[0] += run(seed).seconds());
        System.out.println("core simulation: " + Math.round(seconds[0] / 360) / 10.0 + " simulated hours");
    }
}
