package io.quorate.transcript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Replays recorded transcripts, one test a file: those of the folder named by the system property
 * {@code quorate.transcripts}, and our own.
 *
 * <p>A file stops at its first mismatch, since all that follows depends on the state. With
 * {@code -Dquorate.transcripts.rewrite=true} our own are written anew instead, for the difference to be reviewed.
 */
class TranscriptTests {

    private static final String FOLDER_PROPERTY = "quorate.transcripts";
    private static final String DEFAULT_FOLDER = "../shared/raft-transcripts";
    private static final String REWRITE_PROPERTY = "quorate.transcripts.rewrite";
    private static final Path OWN_FOLDER = Path.of("src/test/resources/raft");

    static Stream<Named<Path>> recorded() throws IOException {
        Path folder = Path.of(System.getProperty(FOLDER_PROPERTY, DEFAULT_FOLDER));
        if (Files.isDirectory(folder)) {
            return files(folder);
        }
        System.err.println("TranscriptTests: recorded transcripts of another implementation are SKIPPED, since "
                + folder + " is absent (-D" + FOLDER_PROPERTY
                + " names another one). Our own and RaftScenarioTests run.");
        return Stream.of(Named.of("no transcripts", folder));
    }

    static Stream<Named<Path>> own() throws IOException {
        if (Boolean.getBoolean(REWRITE_PROPERTY)) {
            try (Stream<Path> files = Files.walk(OWN_FOLDER)) {
                files.filter(TranscriptTests::isTranscript).forEach(TranscriptTests::rewrite);
            }
        }
        return files(OWN_FOLDER);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recorded")
    void recordedTranscriptIsReproduced(Path file) {
        assumeTrue(Files.isRegularFile(file), () -> "skipped: " + file + " is absent, see -D" + FOLDER_PROPERTY);
        replay(file);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("own")
    void ownTranscriptIsReproduced(Path file) {
        replay(file);
    }

    private static Stream<Named<Path>> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files
                    .filter(TranscriptTests::isTranscript)
                    .sorted()
                    .map(file -> Named.of(folder.relativize(file).toString(), file))
                    .toList()
                    .stream();
        }
    }

    private static boolean isTranscript(Path file) {
        return file.toString().endsWith(".txt");
    }

    private static void rewrite(Path file) {
        Environment environment = environment(file);
        List<String> lines = new ArrayList<>(read(file).lines().toList());
        int shift = 0;
        for (Directive directive : TranscriptParser.parse(read(file))) {
            List<String> output = produce(environment, directive).lines().toList();
            List<String> before = lines.subList(
                    directive.outputLine() + shift, directive.outputLine() + shift + directive.outputLines());
            before.clear();
            before.addAll(output);
            shift += output.size() - directive.outputLines();
        }
        try {
            Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String produce(Environment environment, Directive directive) {
        String produced = environment.run(directive);
        return produced.isEmpty() || produced.endsWith("\n") ? produced : produced + "\n";
    }

    private static void replay(Path file) {
        Environment environment = environment(file);
        for (Directive directive : TranscriptParser.parse(read(file))) {
            String actual = produce(environment, directive);
            assertThat(actual)
                    .as(() -> file.getFileName() + ":" + directive.line() + " " + directive.text()
                            + Difference.of(directive.expected(), actual))
                    .isEqualTo(directive.expected());
        }
    }

    private static Environment environment(Path file) {
        Path folder = file.getName(file.getNameCount() - 2);
        return switch (folder.toString()) {
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
