package io.quorate.integration.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.fixture.MemberProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A run of {@code migrate --follow} or {@code --finish} as a process of its own. */
final class FollowRun implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Process process;
    private final Path output;

    /**
     * Begins.
     *
     * @param directory for what it prints
     * @param from URLs of the etcd
     * @param endpoints of the cluster
     * @param more options
     */
    FollowRun(Path directory, String from, String endpoints, String... more) {
        List<String> command = MemberProcess.launcher();
        command.addAll(List.of("migrate", "--from=" + from, "--endpoints=" + endpoints, "--poll=1s"));
        command.addAll(List.of(more));
        try {
            output = Files.createTempFile(directory, "migrate", ".txt");
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    void awaitLine(String text) {
        await().atMost(PATIENCE).until(() -> output().contains(text) || !process.isAlive());
        assertThat(output()).contains(text);
    }

    /** It goes on; if it has ended, what it printed says why. */
    void assertRunning() {
        assertThat(process.isAlive()).as("%s", output()).isTrue();
    }

    int awaitEnd() {
        try {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as("%s", output())
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
        return process.exitValue();
    }

    /** It ends well and says so. */
    void awaitSuccess(String text) {
        assertThat(awaitEnd()).as("%s", output()).isZero();
        assertThat(output()).contains(text);
    }

    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }
}
