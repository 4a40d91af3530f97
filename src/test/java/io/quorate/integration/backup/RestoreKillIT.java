package io.quorate.integration.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.base.Directories;
import io.quorate.fixture.MemberProcess;
import io.quorate.fixture.SmallSnapshot;
import io.quorate.mvcc.Revision;
import io.quorate.node.Bootstrap;
import io.quorate.storage.Cursor;
import io.quorate.storage.Database;
import io.quorate.storage.Family;
import io.quorate.storage.StorageSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Restores that are killed, as often as {@code -Drestore.rounds} says: whenever that is, there is no member, or the whole one. Each try
 * goes on over what the one before has left.
 */
class RestoreKillIT {

    private static final int ROUNDS = Integer.getInteger("restore.rounds", 6);
    private static final long SEED = Long.getLong("restore.seed", System.nanoTime());
    private static final int ROUNDS_MANY = 50;
    private static final int KEYS = 20_000;

    /** A bound for a restore of some megabytes on a machine that is busy. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    private Path directory;

    private Path snapshot = Path.of("");
    private int old;
    private int made;

    @BeforeEach
    void save() throws IOException {
        snapshot = Files.write(directory.resolve("snapshot.db"), SmallSnapshot.withDigest(SmallSnapshot.pages(KEYS)));
    }

    @Test
    void restoreWhenKilledAtAnyTimeLeavesNoMemberOrTheWholeOne() throws Exception {
        System.out.printf("RestoreKillIT: -Drestore.seed=%d%n", SEED);
        for (boolean separateLog : new boolean[] {false, true}) {
            SplittableRandom random = new SplittableRandom(SEED);
            Target target = new Target(directory.resolve("target-" + separateLog), separateLog);
            long start = System.nanoTime();
            Process first = target.begin();
            target.awaitBeginning(first);
            long begun = System.nanoTime();
            assertThat(first.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            long end = System.nanoTime();
            assertThat(first.exitValue()).isZero();
            target.checkWhole();
            for (int round = 0; round < ROUNDS / 2; round++) {
                Process process = target.begin();
                // A start takes longer than the restore itself: so only every fourth is killed while it starts.
                boolean early = round % 4 == 3;
                if (!early) {
                    target.awaitBeginning(process);
                }
                boolean ended =
                        process.waitFor(random.nextLong((end - (early ? start : begun)) * 5 / 4), TimeUnit.NANOSECONDS);
                process.destroyForcibly();
                assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
                assertThat(!ended || process.exitValue() == 0)
                        .as(target::output)
                        .isTrue();
                target.check(ended);
            }
            assertThat(target.begin().waitFor()).as(target::output).isZero();
            target.checkWhole();
        }
        System.out.printf("RestoreKillIT: %d times no member, %d times the whole one%n", old, made);
        if (ROUNDS >= ROUNDS_MANY) {
            assertThat(old).isPositive();
            assertThat(made).isPositive();
        }
    }

    /** Where it is restored to. */
    private final class Target {

        private final Path data;
        private final Path log;
        private final Path output;
        private final boolean separateLog;

        Target(Path base, boolean separateLog) throws IOException {
            Files.createDirectory(base);
            this.data = base.resolve("data");
            this.log =
                    separateLog ? base.resolve("log") : data.resolve("member").resolve("wal");
            this.output = base.resolve("output");
            this.separateLog = separateLog;
        }

        Process begin() throws IOException {
            List<String> command = new ArrayList<>(MemberProcess.launcher());
            command.addAll(List.of("snapshot", "restore", snapshot.toString(), "--data-dir=" + data));
            if (separateLog) {
                command.add("--wal-dir=" + log);
            }
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        }

        /** Until it writes, or has ended. */
        void awaitBeginning(Process process) throws IOException, InterruptedException {
            List<String> before = names(data);
            while (names(data).equals(before) && !process.waitFor(1, TimeUnit.MILLISECONDS)) {
                // looks again
            }
        }

        void check(boolean ended) throws IOException {
            if (Files.exists(data.resolve("member"))) {
                made++;
                checkWhole();
            } else {
                assertThat(ended).isFalse();
                old++;
            }
        }

        /** All that the snapshot has is there, and nothing beside it; then it is removed. */
        void checkWhole() throws IOException {
            assertThat(names(data)).containsExactly("member");
            assertThat(Bootstrap.isRestart(log)).isTrue();
            long revision = 1;
            try (Database database = Database.open(data.resolve("member").resolve("db"), StorageSettings.DEFAULTS);
                    Cursor history = database.cursor(Family.HISTORY, null, null)) {
                for (; history.isValid(); history.next()) {
                    assertThat(Revision.parse(history.key()).main()).isEqualTo(++revision);
                }
            }
            assertThat(revision).isEqualTo(1 + KEYS);
            Directories.delete(data);
            if (separateLog) {
                Directories.delete(log);
            }
        }

        String output() {
            try {
                return Files.readString(output);
            } catch (IOException e) {
                return e.toString();
            }
        }
    }

    private static List<String> names(Path directory) throws IOException {
        if (Files.notExists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
