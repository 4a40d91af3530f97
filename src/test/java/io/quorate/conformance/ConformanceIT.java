package io.quorate.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quorate.fixture.ComparedEtcd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Compares a member with etcd, as many programs as {@code -Dconformance.programs} says from the seed
 * {@code -Dconformance.seed} on. Where etcd is not installed, or with {@code -Dconformance.golden=true}, its recorded
 * answers take its place; {@code -Dconformance.record=true} records them. {@code -Dconformance.only=USERS} runs those of one
 * {@link Subject} only.
 */
class ConformanceIT {

    private static final String ONLY = System.getProperty("conformance.only", "");
    private static final long FIRST_SEED = 1;
    private static final int GOLDEN_PROGRAMS = 300;
    private static final int PROGRAMS = Integer.getInteger("conformance.programs", GOLDEN_PROGRAMS);
    private static final long SEED = Long.getLong("conformance.seed", FIRST_SEED);
    private static final int DIFFERENCES_MAX = Integer.getInteger("conformance.differences", 3);
    private static final int REPORT_EVERY = 1_000;

    private final Excuses excuses = new Excuses();

    /** What programs are made of. */
    enum Subject {
        /** Keys, leases and watches, while anybody may do anything. */
        DATA("etcd-3.7.jsonl.gz", GOLDEN_PROGRAMS, ProgramGenerator::program),
        /** Users, roles and permissions, and the same in somebody's name. */
        USERS("etcd-3.7-users.jsonl.gz", GOLDEN_PROGRAMS, UserPrograms::program);

        private final String file;
        private final int recorded;
        private final LongFunction<Program> programs;

        Subject(String file, int recorded, LongFunction<Program> programs) {
            this.file = file;
            this.recorded = recorded;
            this.programs = programs;
        }

        private GoldenSet golden() {
            return new GoldenSet(programs, file);
        }

        private LongStream seeds() {
            return LongStream.range(FIRST_SEED, FIRST_SEED + recorded);
        }

        private Respondent etcd() {
            return LiveServer.etcd(this == USERS);
        }

        private Respondent member() {
            return LiveServer.member(this == USERS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void memberWhenAskedAnswersLikeEtcd(Subject subject) {
        assumeTrue(ONLY.isEmpty() || ONLY.equals(subject.name()), "not asked for");
        List<String> found = new ArrayList<>();
        long start = System.nanoTime();
        int endings;
        try (Comparison comparison = comparison(subject)) {
            for (int i = 0; i < PROGRAMS && found.size() < DIFFERENCES_MAX; i++) {
                Program program = subject.programs.apply(SEED + i);
                comparison.run(program).ifPresent(difference -> found.add(explain(subject, difference)));
                if ((i + 1) % REPORT_EVERY == 0) {
                    System.out.printf("ConformanceIT: %d programs, %d s%n", i + 1, seconds(start));
                }
            }
            endings = comparison.endings();
        }
        System.out.printf(
                "ConformanceIT: %s, -Dconformance.seed=%d, %d programs, %d s%n",
                subject, SEED, PROGRAMS, seconds(start));
        excuses.uses().forEach((excuse, uses) -> System.out.printf("  %6d times excused: %s%n", uses, excuse.what()));
        System.out.printf("  %6d programs were not compared: etcd ended itself%n", endings);
        assertThat(found).as("differences").isEmpty();
        assertThat(endings).as("programs that were not compared").isLessThanOrEqualTo(1 + PROGRAMS / 1_000);
    }

    @ParameterizedTest
    @EnumSource
    void answersWhenToldToAreRecorded(Subject subject) {
        assumeTrue(Boolean.getBoolean("conformance.record"), "not told to");
        assumeTrue(ONLY.isEmpty() || ONLY.equals(subject.name()), "not asked for");
        try (Respondent etcd = subject.etcd()) {
            subject.golden().record(etcd, subject.seeds());
        }
        GoldenSet golden = subject.golden().read();
        assertThat(subject.seeds()).allMatch(golden::has);
    }

    private static long seconds(long start) {
        return Duration.ofNanos(System.nanoTime() - start).toSeconds();
    }

    private static boolean isGolden() {
        return Boolean.getBoolean("conformance.golden")
                || ComparedEtcd.program("etcd").isEmpty();
    }

    private Comparison comparison(Subject subject) {
        return new Comparison(() -> pair(subject), excuses);
    }

    /** Starts both at the same time, since each waits for an election. If one fails, no process of the other stays. */
    private static Comparison.Pair pair(Subject subject) {
        CompletableFuture<Respondent> reference = CompletableFuture.supplyAsync(
                isGolden() ? () -> subject.golden().read() : subject::etcd, Thread::startVirtualThread);
        CompletableFuture<Respondent> tested =
                CompletableFuture.supplyAsync(subject::member, Thread::startVirtualThread);
        boolean fromTheBeginning = !isGolden() || SEED == FIRST_SEED;
        try {
            return new Comparison.Pair(reference.join(), tested.join(), fromTheBeginning);
        } catch (CompletionException e) {
            Stream.of(reference, tested).forEach(ConformanceIT::closeIfStarted);
            throw e;
        }
    }

    private static void closeIfStarted(CompletableFuture<Respondent> respondent) {
        respondent
                .handle((started, failure) -> Optional.ofNullable(started))
                .join()
                .ifPresent(Respondent::close);
    }

    /** Shrinks on fresh servers, since what went before may matter and the two no longer agree. */
    private String explain(Subject subject, Difference difference) {
        String repeat = "mvn verify -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=ConformanceIT"
                + " -Dconformance.programs=1 -Dconformance.only=" + subject + " -Dconformance.seed="
                + difference.program().seed();
        if (isGolden()) {
            return difference.print() + repeat;
        }
        try (Comparison fresh = comparison(subject)) {
            Optional<Difference> again = fresh.run(difference.program());
            return again.map(found -> new Shrinker(fresh::run).shrink(found).print())
                            .orElseGet(() -> "Not repeated on fresh servers\n" + difference.print())
                    + repeat;
        }
    }
}
