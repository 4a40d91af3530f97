package io.quorate.mutation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A fault as a change of the source text, read from a file of {@code src/test/plants}:
 *
 * <pre>
 * What is wrong, in a sentence.
 * in: raft/Replicator.java
 * noticed by: raft.CommitTests sim.CoreSimulationTests#oneOfThem
 * --- is
 * the text as it is, which occurs once
 * --- becomes
 * the text with the fault
 * </pre>
 *
 * @param name of the file
 * @param source the file that is changed
 * @param noticedBy tests that fail with it, as {@code Class} or {@code Class#method}
 * @param changes from and to
 */
record Plant(String name, Path source, List<String> noticedBy, List<Change> changes) {

    private static final Path PLANTS = Path.of("src/test/plants");
    private static final Path SOURCES = Path.of("src/main/java/io/quorate");
    private static final String IS = "--- is\n";
    private static final String BECOMES = "--- becomes\n";

    record Change(String is, String becomes) {}

    static List<Plant> all() {
        try (Stream<Path> files = Files.list(PLANTS)) {
            return files.filter(file -> file.toString().endsWith(".plant"))
                    .sorted(Comparator.naturalOrder())
                    .map(Plant::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Plant read(Path file) {
        String[] parts = text(file).split(IS, -1);
        List<String> noticedBy = Stream.of(field(parts[0], "noticed by: ").split(" "))
                .map(test -> "io.quorate." + test)
                .toList();
        List<Change> changes = new ArrayList<>();
        for (int i = 1; i < parts.length; i++) {
            String[] sides = parts[i].split(BECOMES, -1);
            changes.add(new Change(sides[0], sides[1]));
        }
        return new Plant(
                file.getFileName().toString().replace(".plant", ""),
                SOURCES.resolve(field(parts[0], "in: ")),
                noticedBy,
                changes);
    }

    private static String field(String head, String name) {
        return head.lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no '" + name + "' in: " + head));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The source with the fault. Fails when the text to be changed is not there, or more than once. */
    String planted() {
        String text = text(source);
        for (Change change : changes) {
            int at = text.indexOf(change.is());
            if (at < 0 || text.indexOf(change.is(), at + 1) >= 0) {
                throw new AssertionError(name + ": the text to be changed occurs "
                        + (at < 0 ? "nowhere" : "more than once") + " in " + source + ":\n" + change.is());
            }
            text = text.substring(0, at)
                    + change.becomes()
                    + text.substring(at + change.is().length());
        }
        return text;
    }

    @Override
    public String toString() {
        return name;
    }
}
