package io.quorate.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.sim.member.MemberSimulation;
import io.quorate.sim.world.Figures;
import io.quorate.sim.world.Seeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clusters of whole members. Repeat a failed seed with {@code -Dsimulation.seed=N}. */
class MemberSimulationTests {

    @TempDir
    private Path directory;

    /** A leader's state that overtakes what a member still has to apply. */
    private static final long OVERTAKEN = 21;

    /** Any even one. */
    private static final long WITH_MISHAPS = 4;

    static LongStream seeds() {
        return Seeds.first(12, OVERTAKEN);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void runWhenEverythingGoesWrongKeepsHistoriesLinearizableAndMembersEqual(long seed) {
        run(seed, MemberSimulation::figures);
    }

    private <T> T run(long seed, Function<MemberSimulation, T> result) {
        try (MemberSimulation simulation = new MemberSimulation(seed, emptyDirectory(seed))) {
            try {
                simulation.run();
            } catch (AssertionError | RuntimeException cause) {
                throw Seeds.failure(MemberSimulationTests.class, seed, simulation.trace(), cause);
            }
            return result.apply(simulation);
        }
    }

    private Path emptyDirectory(long seed) {
        try {
            return Files.createTempDirectory(directory, "seed-" + seed);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {3, WITH_MISHAPS})
    void runWhenRepeatedIsTheSame(long seed) {
        String trace = run(seed, simulation -> simulation.trace().text());
        String again = run(seed, simulation -> simulation.trace().text());
        assertThat(again).isEqualTo(trace);
    }

    @Test
    void runsWhenLookedAtAreNotEmpty() {
        Set<String> troubles = new HashSet<>();
        long answered = 0;
        int leaders = 0;
        long[] changes = new long[3];
        long[] users = new long[3];
        for (long seed = 0; seed < 5; seed++) {
            Figures figures = run(seed, simulation -> {
                changes[0] += simulation.joined();
                changes[1] += simulation.gone();
                changes[2] += simulation.statesReceived();
                for (int i = 0; i < users.length; i++) {
                    users[i] += simulation.users().get(i);
                }
                return simulation.figures();
            });
            answered += figures.answered();
            leaders += figures.leaders();
            troubles.addAll(figures.troubles());
        }
        assertThat(answered).as("answers").isGreaterThan(500);
        assertThat(leaders).as("leaders").isGreaterThan(10);
        assertThat(troubles).as("kinds of trouble").hasSizeGreaterThan(12);
        assertThat(changes)
                .as("members that joined, members that left, states received")
                .doesNotContain(0);
        assertThat(users)
                .as("changes of users, writes refused to somebody without rights, tokens recognised")
                .doesNotContain(0);
    }

    @Test
    @Tag("long")
    void runsWhenThereIsTimeStayClean() {
        Seeds.sweep(
                "member simulation",
                seed -> run(seed, MemberSimulation::figures).seconds());
    }
}
