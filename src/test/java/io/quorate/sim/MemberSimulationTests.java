package io.quorate.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.sim.member.MemberSimulation;
import io.quorate.sim.world.Seeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clusters of whole members. Repeat a failed seed with {@code -Dsimulation.seed=N}. */
class MemberSimulationTests {

    @TempDir
    private Path directory;

    static LongStream seeds() {
        return Seeds.first(15);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void runWhenEverythingGoesWrongKeepsHistoriesLinearizableAndMembersEqual(long seed) {
        run(seed, MemberSimulation::seconds);
    }

    private double run(long seed, ToDoubleFunction<MemberSimulation> result) {
        try (MemberSimulation simulation = new MemberSimulation(seed, emptyDirectory(seed))) {
            try {
                simulation.run();
            } catch (AssertionError | RuntimeException cause) {
                throw Seeds.failure(MemberSimulationTests.class, seed, simulation.trace(), cause);
            }
            return result.applyAsDouble(simulation);
        }
    }

    private Path emptyDirectory(long seed) {
        try {
            return Files.createTempDirectory(directory, "seed-" + seed);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    void runWhenRepeatedIsTheSame() {
        StringBuilder traces = new StringBuilder();
        run(3, simulation -> traces.append(simulation.trace().text()).length());
        StringBuilder again = new StringBuilder();
        run(3, simulation -> again.append(simulation.trace().text()).length());
        assertThat(again.toString()).isEqualTo(traces.toString());
    }

    @Test
    void runsWhenLookedAtAreNotEmpty() {
        Set<String> troubles = new HashSet<>();
        double answered = 0;
        double leaders = 0;
        for (long seed = 0; seed < 5; seed++) {
            answered += run(seed, simulation -> {
                troubles.addAll(simulation.troublesSeen());
                return simulation.answered();
            });
            leaders += run(seed, MemberSimulation::leadersSeen);
        }
        assertThat(answered).as("answers").isGreaterThan(500);
        assertThat(leaders).as("leaders").isGreaterThan(10);
        assertThat(troubles).as("kinds of trouble").hasSizeGreaterThan(8);
    }

    @Test
    @Tag("long")
    void runsWhenThereIsTimeStayClean() {
        double[] seconds = {0};
        Seeds.sweep("member simulation", seed -> seconds[0] += run(seed, MemberSimulation::seconds));
        System.out.println("member simulation: " + Math.round(seconds[0] / 360) / 10.0 + " simulated hours");
    }
}
