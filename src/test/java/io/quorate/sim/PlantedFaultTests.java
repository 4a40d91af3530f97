package io.quorate.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.sim.core.CoreSimulation;
import io.quorate.sim.core.Invariant;
import io.quorate.sim.invariant.Invariants;
import io.quorate.sim.plant.PlantedFault;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The simulation can fail: every planted fault is found. */
class PlantedFaultTests {

    /** Each fault is found by the invariants within so many seeds. */
    private static final int SEEDS = 100;

    /** Some are found within so many seeds without any invariant, by what the clients saw. */
    private static final int SEEDS_OF_CLIENTS = 120;

    @ParameterizedTest
    @EnumSource
    void runWhenFaultIsPlantedBreaksAnInvariant(PlantedFault fault) {
        report(fault, "invariants", SEEDS, Invariants::all);
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "ACKNOWLEDGED_BEFORE_SYNC",
                "SYNC_THAT_LIES",
                "HALF_IS_ENOUGH",
                "HEARTBEAT_COMMITS_TOO_MUCH",
                "READ_WITHOUT_QUORUM",
                "VOTE_FOR_SHORTER_LOG",
                "LATE_APPEND_TRUNCATES",
                "SNAPSHOT_WITH_OLD_MEMBERS",
                "ENTRY_SKIPPED"
            })
    void runWhenFaultIsPlantedShowsToClients(PlantedFault fault) {
        report(fault, "clients", SEEDS_OF_CLIENTS, List::of);
    }

    private static void report(PlantedFault fault, String by, int seeds, Supplier<List<Invariant>> invariants) {
        OptionalLong found = LongStream.range(0, seeds)
                .filter(seed -> fails(fault, seed, invariants.get()))
                .findFirst();
        assertThat(found).as("the first seed that finds %s by %s", fault, by).isPresent();
    }

    private static boolean fails(PlantedFault fault, long seed, List<Invariant> invariants) {
        CoreSimulation simulation = new CoreSimulation(seed, invariants, fault.plant());
        try {
            simulation.run();
            return false;
        } catch (AssertionError | RuntimeException found) {
            System.out.println(fault + " seed " + seed + ": "
                    + found.toString().lines().findFirst().orElse(""));
            return true;
        }
    }
}
