package io.quorate.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A member in a process of its own, with the class path and the Java of this one. */
final class MemberProcess implements RunningMember {

    private static final Duration STOP_LIMIT = Duration.ofMinutes(1);
    private static final int LOG_LINES = 20;
    private static final long PAUSE_MILLIS = 5;

    /** Small and quick to start: what it learns is thrown away with it. */
    private static final List<String> OPTIONS = List.of(
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dlogback.configurationFile=io/quorate/embedded/log.xml",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private final Process process;
    private final Path log;
    private final BufferedReader answers;
    private final Writer orders;

    private MemberProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.orders = process.outputWriter(StandardCharsets.UTF_8);
    }

    /**
     * Starts it and returns when it serves clients.
     *
     * @param log gets what it prints
     */
    static RunningMember start(Map<String, String> settings, Path log) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(OPTIONS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MemberProgram.class.getName()));
        settings.forEach((name, value) -> command.add(name + "=" + value));
        MemberProcess member;
        try {
            member = new MemberProcess(
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                            .start(),
                    log);
        } catch (IOException e) {
            throw new UncheckedIOException("a process for a member cannot be started", e);
        }
        try {
            member.await(MemberProgram.READY);
            return member;
        } catch (RuntimeException | Error failure) {
            member.kill();
            throw failure;
        }
    }

    private void await(String wanted) {
        String answer = answer();
        if (answer == null) {
            throw new IllegalStateException("the process of a member has ended\n" + endOfLog());
        }
        if (!answer.equals(wanted)) {
            throw new IllegalStateException(
                    answer.startsWith(MemberProgram.FAILED) ? answer.substring(MemberProgram.FAILED.length()) : answer);
        }
    }

    /** Null if there is none to come. Unlike a read, the wait can be interrupted. */
    private @Nullable String answer() {
        try {
            while (!answers.ready() && process.isAlive()) {
                Thread.sleep(PAUSE_MILLIS);
            }
            return answers.ready() ? answers.readLine() : null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the process of a member works", e);
        } catch (IOException e) {
            return null; // closed by a kill meanwhile
        }
    }

    private String endOfLog() {
        try {
            List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
        } catch (IOException e) {
            return "no log: " + e.getMessage();
        }
    }

    private void order(String line) {
        try {
            orders.write(line + "\n");
            orders.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the process of a member has ended\n" + endOfLog(), e);
        }
    }

    @Override
    public boolean isRunning() {
        return process.isAlive();
    }

    @Override
    public void stop() {
        try {
            order(MemberProgram.STOP);
        } catch (UncheckedIOException ended) {
            process.destroyForcibly(); // it has ended by itself
        }
        awaitEnd();
    }

    @Override
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(
                        "a member did not stop within " + STOP_LIMIT + " and was killed\n" + endOfLog());
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void advanced(Duration by) {
        order(MemberProgram.ADVANCE + by.toNanos());
        await(MemberProgram.DONE);
    }
}
