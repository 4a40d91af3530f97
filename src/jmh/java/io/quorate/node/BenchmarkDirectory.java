package io.quorate.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A new directory below {@code -Dbench.directory}, by default below the system's for temporary files. */
public record BenchmarkDirectory(Path path) {

    public static BenchmarkDirectory create(String prefix) throws IOException {
        Path parent = Path.of(System.getProperty("bench.directory", System.getProperty("java.io.tmpdir")));
        return new BenchmarkDirectory(Files.createTempDirectory(parent, prefix));
    }

    public void delete() throws IOException {
        List<Path> found;
        try (Stream<Path> all = Files.walk(path)) {
            found = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : found) {
            Files.delete(each);
        }
    }
}
