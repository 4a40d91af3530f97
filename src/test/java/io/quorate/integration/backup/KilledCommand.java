package io.quorate.integration.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.base.Directories;
import io.quorate.fixture.MemberProcess;
import io.quorate.node.Bootstrap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A command that makes the directory of a member and is killed, again and again: afterwards there is no member, or the whole one. Each try
 * goes on over what the one before has left. Used by one thread.
 */
final class KilledCommand {

    /** A bound for a command that writes some megabytes on a machine that is busy. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static final String UNFINISHED = "member.restore-";

    private final List<String> words;
    private final Path data;
    private final Path log;
    private final Path output;
    private final boolean separateLog;
    private final Whole whole;
    private final SplittableRandom random;
    private int none;
    private int made;

    /** How far a command must have come before it is killed; it is killed some time behind that. */
    private enum Point {
        ANYWHERE,
        BEGUN,
        DATABASE,
        SNAPSHOT,
        LOG,
        MADE
    }

    /** What a whole member must hold. */
    interface Whole {
        /**
         * Checks a member.
         *
         * @param data its data directory
         * @param log that of its log
         */
        void check(Path data, Path log) throws IOException;
    }

    /**
     * @param words of the command, without those that name the new directories
     * @param base a new directory for what the command makes
     * @param separateLog whether the log has a directory of its own
     */
    KilledCommand(List<String> words, Path base, boolean separateLog, long seed, Whole whole) throws IOException {
        this.words = List.copyOf(words);
        this.data = Files.createDirectory(base).resolve("data");
        this.log = separateLog ? base.resolve("log") : data.resolve("member").resolve("wal");
        this.output = base.resolve("output");
        this.separateLog = separateLog;
        this.whole = whole;
        this.random = new SplittableRandom(seed);
    }

    /** Runs it to its end, kills it so many times, and runs it to its end again. */
    void run(int rounds) throws Exception {
        long start = System.nanoTime();
        Process first = begin();
        await(first, Point.BEGUN);
        long begun = System.nanoTime();
        assertThat(first.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        long end = System.nanoTime();
        assertThat(first.exitValue()).as(this::output).isZero();
        checkWhole();
        for (int round = 0; round < rounds; round++) {
            // A start takes longer than the work itself, so few are killed while it lasts.
            Point point = Point.values()[round % Point.values().length];
            kill(point, point == Point.ANYWHERE ? end - start : end - begun);
        }
        assertThat(begin().waitFor()).as(this::output).isZero();
        checkWhole();
    }

    private void kill(Point point, long nanos) throws Exception {
        Process process = begin();
        await(process, point);
        boolean near = point != Point.ANYWHERE && point != Point.BEGUN;
        boolean ended = process.waitFor(random.nextLong(near ? nanos / 4 : nanos * 5 / 4), TimeUnit.NANOSECONDS);
        process.destroyForcibly();
        assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(!ended || process.exitValue() == 0).as(this::output).isTrue();
        if (Files.exists(data.resolve("member"))) {
            made++;
            checkWhole();
        } else {
            assertThat(ended).as(this::output).isFalse();
            none++;
        }
    }

    /** How often there was no member afterwards. */
    int none() {
        return none;
    }

    /** How often there was a whole one. */
    int made() {
        return made;
    }

    private Process begin() throws IOException {
        List<String> command = new ArrayList<>(MemberProcess.launcher());
        command.addAll(words);
        command.add("--data-dir=" + data);
        if (separateLog) {
            command.add("--wal-dir=" + log);
        }
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    /** Until it has come so far, or has ended. */
    private void await(Process process, Point point) throws InterruptedException {
        List<String> before = names(data);
        while (!hasReached(point, before) && !process.waitFor(1, TimeUnit.MILLISECONDS)) {
            // looks again
        }
    }

    private boolean hasReached(Point point, List<String> before) {
        return switch (point) {
            case ANYWHERE -> true;
            case BEGUN -> !names(data).equals(before);
            case DATABASE -> has("db", before);
            case SNAPSHOT -> has("snap", before);
            case LOG -> separateLog ? !names(log).isEmpty() : has("wal", before);
            case MADE -> names(data).contains("member");
        };
    }

    /** In the directory that this try has begun. */
    private boolean has(String part, List<String> before) {
        return names(data).stream()
                .anyMatch(name -> name.startsWith(UNFINISHED)
                        && !before.contains(name)
                        && Files.exists(data.resolve(name).resolve(part)));
    }

    /** There is the member and nothing beside it; then it is removed. */
    private void checkWhole() throws IOException {
        assertThat(names(data)).containsExactly("member");
        assertThat(Bootstrap.isRestart(log)).isTrue();
        whole.check(data, log);
        Directories.delete(data);
        if (separateLog) {
            Directories.delete(log);
        }
    }

    private String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static List<String> names(Path directory) {
        if (Files.notExists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
