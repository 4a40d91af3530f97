package io.quorate.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/ARCHITECTURE.md names the packages, threads and locks that there are. */
class ArchitectureDocumentTests {

    private static final Path SOURCES = Path.of("src/main/java");
    private static final Pattern QUOTED = Pattern.compile("`([a-z.-]+?)(-N|-1)?`");

    /** Where threads get their names: builders, factories, pools of reads, agents. */
    private static final Pattern THREAD =
            Pattern.compile("(?:Thread\\.of(?:Platform|Virtual)\\(\\)\\s*(?:\\.daemon\\(\\))?\\s*\\.name\\("
                    + "|new DefaultThreadFactory\\(|new ReadPool\\(|new WorkPool\\(|new Tasks\\(\\s*)\"([a-z-]+)\"");

    private static final Pattern AGENT = Pattern.compile(
            "implements [^{]*\\bAgent\\b.*?String name\\(\\) \\{\\s*return \"([a-z-]+)\"", Pattern.DOTALL);

    private static final Pattern LOCK = Pattern.compile("new Reentrant\\w*Lock\\(|\\bsynchronized[ (]");

    /** Named after the port that they serve, which the settings know. */
    private static final Set<String> HANDSHAKES = Set.of("client-tls", "peer-tls");

    @Test
    void packagesWhenReadAreThoseOfTheTable() throws IOException {
        Set<String> named = firstColumn("## Packages");
        Set<String> known = Rules.PACKAGES.names().stream()
                .filter(name -> !Set.of(".", "proto", "api").contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
        named.remove("config.etcd"); // a part of config in the table of who may use whom
        assertThat(named).isEqualTo(known);
    }

    @Test
    void threadsWhenReadAreThoseThatTheProgramStarts() throws IOException {
        Set<String> started = new TreeSet<>(HANDSHAKES);
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                String source = Files.readString(file);
                Stream.of(THREAD, AGENT)
                        .flatMap(pattern -> pattern.matcher(source).results())
                        .forEach(match -> started.add(match.group(1)));
            }
        }
        assertThat(firstColumn("## Threads")).isEqualTo(started);
    }

    @Test
    void locksWhenReadAreThoseOfTheSources() throws IOException {
        String locks = section("## Locks");
        Set<String> named = Pattern.compile("`([A-Z]\\w+)`")
                .matcher(locks.lines()
                        .filter(line -> line.startsWith("| `"))
                        .map(line -> line.substring(0, line.indexOf('|', 1)))
                        .collect(Collectors.joining()))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> locking = new TreeSet<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".java")).toList()) {
                if (LOCK.matcher(Files.readString(file)).find()) {
                    locking.add(file.getFileName().toString().replace(".java", ""));
                }
            }
        }
        assertThat(named).isEqualTo(locking);
    }

    private static String section(String title) throws IOException {
        String document = Files.readString(Path.of("docs/ARCHITECTURE.md"));
        int begin = document.indexOf(title + "\n");
        int end = document.indexOf("\n## ", begin + 1);
        return document.substring(begin, end < 0 ? document.length() : end);
    }

    /** What is quoted in the first column of the table below a title, without numbers. */
    private static Set<String> firstColumn(String title) throws IOException {
        return section(title)
                .lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(0, line.indexOf('|', 1)))
                .flatMap(cell -> QUOTED.matcher(cell).results())
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
