package io.quorate.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quorate.fixture.ComparedEtcd;
import io.quorate.fixture.EtcdProcess;
import io.quorate.fixture.MemberProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Compares a member with etcd, as many programs as {@code -Dconformance.programs} says from the seed
 * {@code -Dconformance.seed} on. Where etcd is not installed, or with {@code -Dconformance.golden=true}, its recorded
 * answers take its place; {@code -Dconformance.record=true} records them.
 */
class ConformanceIT {

    private static final long FIRST_SEED = 1;
    private static final int GOLDEN_PROGRAMS = 300;
    private static final int PROGRAMS = Integer.getInteger("conformance.programs", GOLDEN_PROGRAMS);
    private static final long SEED = Long.getLong("conformance.seed", FIRST_SEED);
    private static final int DIFFERENCES_MAX = Integer.getInteger("conformance.differences", 3);
    private static final int REPORT_EVERY = 1_000;

    private final Excuses excuses = new Excuses();

    @Test
    void memberWhenAskedAnswersLikeEtcd() {
        List<String> found = new ArrayList<>();
        long start = System.nanoTime();
        int endings;
        try (Comparison comparison = comparison()) {
            for (int i = 0; i < PROGRAMS && found.size() < DIFFERENCES_MAX; i++) {
                Program program = ProgramGenerator.program(SEED + i);
                comparison.run(program).ifPresent(difference -> found.add(explain(difference)));
                if ((i + 1) % REPORT_EVERY == 0) {
                    System.out.printf("ConformanceIT: %d programs, %d s%n", i + 1, seconds(start));
                }
            }
            endings = comparison.endings();
        }
        System.out.printf("ConformanceIT: -Dconformance.seed=%d, %d programs, %d s%n", SEED, PROGRAMS, seconds(start));
        excuses.uses().forEach((excuse, uses) -> System.out.printf("  %6d times excused: %s%n", uses, excuse.what()));
        System.out.printf("  %6d programs were not compared: etcd ended itself%n", endings);
        assertThat(found).as("differences").isEmpty();
        assertThat(endings).as("programs that were not compared").isLessThanOrEqualTo(1 + PROGRAMS / 1_000);
    }

    @Test
    void answersWhenToldToAreRecorded() {
        assumeTrue(Boolean.getBoolean("conformance.record"), "not told to");
        try (Respondent etcd = etcd()) {
            GoldenSet.record(etcd, LongStream.range(FIRST_SEED, FIRST_SEED + GOLDEN_PROGRAMS));
        }
        GoldenSet golden = GoldenSet.read();
        assertThat(LongStream.range(FIRST_SEED, FIRST_SEED + GOLDEN_PROGRAMS)).allMatch(golden::has);
    }

    private static long seconds(long start) {
        return Duration.ofNanos(System.nanoTime() - start).toSeconds();
    }

    private static boolean isGolden() {
        return Boolean.getBoolean("conformance.golden")
                || ComparedEtcd.program("etcd").isEmpty();
    }

    private Comparison comparison() {
        return new Comparison(ConformanceIT::pair, excuses);
    }

    /** Starts both at the same time, since each waits for an election. If one fails, no process of the other stays. */
    private static Comparison.Pair pair() {
        CompletableFuture<Respondent> reference = CompletableFuture.supplyAsync(
                isGolden() ? GoldenSet::read : ConformanceIT::etcd, Thread::startVirtualThread);
        CompletableFuture<Respondent> subject = CompletableFuture.supplyAsync(
                () -> new LiveServer(new MemberProcess(LiveServer.SETTINGS)), Thread::startVirtualThread);
        boolean fromTheBeginning = !isGolden() || SEED == FIRST_SEED;
        try {
            return new Comparison.Pair(reference.join(), subject.join(), fromTheBeginning);
        } catch (CompletionException e) {
            Stream.of(reference, subject).forEach(ConformanceIT::closeIfStarted);
            throw e;
        }
    }

    private static void closeIfStarted(CompletableFuture<Respondent> respondent) {
        respondent
                .handle((started, failure) -> Optional.ofNullable(started))
                .join()
                .ifPresent(Respondent::close);
    }

    private static Respondent etcd() {
        return new LiveServer(new EtcdProcess(LiveServer.SETTINGS));
    }

    /** Shrinks on fresh servers, since what went before may matter and the two no longer agree. */
    private String explain(Difference difference) {
        String repeat = "mvn verify -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=ConformanceIT"
                + " -Dconformance.programs=1 -Dconformance.seed="
                + difference.program().seed();
        if (isGolden()) {
            return difference.print() + repeat;
        }
        try (Comparison fresh = comparison()) {
            Optional<Difference> again = fresh.run(difference.program());
            return again.map(found -> new Shrinker(fresh::run).shrink(found).print())
                            .orElseGet(() -> "Not repeated on fresh servers\n" + difference.print())
                    + repeat;
        }
    }
}
