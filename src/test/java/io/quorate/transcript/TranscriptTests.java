package io.quorate.transcript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Replays recorded transcripts, one test a file: those of the folder named by the system property
 * {@code quorate.transcripts}, and our own.
 *
 * <p>A file stops at its first mismatch, since all that follows depends on the state.
 */
class TranscriptTests {

    private static final String FOLDER_PROPERTY = "quorate.transcripts";
    private static final String DEFAULT_FOLDER = "../shared/raft-transcripts";

    @TestFactory
    Stream<DynamicTest> recordedTranscriptIsReproduced() throws IOException {
        Path folder = Path.of(System.getProperty(FOLDER_PROPERTY, DEFAULT_FOLDER));
        if (!Files.isDirectory(folder)) {
            return Stream.of(DynamicTest.dynamicTest(
                    "no transcripts",
                    () -> assumeTrue(false, "skipped: " + folder + " is absent, see -D" + FOLDER_PROPERTY)));
        }
        return tests(folder);
    }

    @TestFactory
    Stream<DynamicTest> ownTranscriptIsReproduced() throws IOException, URISyntaxException {
        URL folder = Objects.requireNonNull(TranscriptTests.class.getResource("/raft"));
        return tests(Path.of(folder.toURI()));
    }

    private static Stream<DynamicTest> tests(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files
                    .filter(file -> file.toString().endsWith(".txt"))
                    .sorted()
                    .map(file -> DynamicTest.dynamicTest(
                            folder.relativize(file).toString(), file.toUri(), () -> replay(file)))
                    .toList()
                    .stream();
        }
    }

    private static void replay(Path file) {
        Environment environment = environment(file);
        for (Directive directive : TranscriptParser.parse(read(file))) {
            String produced = environment.run(directive);
            String actual = produced.isEmpty() || produced.endsWith("\n") ? produced : produced + "\n";
            assertThat(actual)
                    .as(() -> file.getFileName() + ":" + directive.line() + " " + directive.text()
                            + Difference.of(directive.expected(), actual))
                    .isEqualTo(directive.expected());
        }
    }

    private static Environment environment(Path file) {
        return switch (file.getParent().getFileName().toString()) {
            case "interaction" -> new ClusterEnvironment();
            case "quorum" -> new QuorumEnvironment();
            case "confchange" -> new ConfChangeEnvironment();
            default -> throw new IllegalArgumentException("no environment for " + file);
        };
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
