package io.quorate.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the compiler does not see: sizes, package texts, loose ends, and whether the documents are true. */
class TidyTests {

    private static final Path MAIN = Path.of("src/main/java");
    private static final int FILE_LINES_MAX = 500;
    private static final int PACKAGE_TEXT_MIN = 60;
    private static final Pattern LEFT_ALONE =
            Pattern.compile("(unused|ignored|_) =|\\.(whenComplete|whenCompleteAsync|thenAccept|thenRun)\\(");
    private static final Pattern LOOSE_END = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(#[^)]*)?\\)");
    private static final Pattern CITATION =
            Pattern.compile("docs/etcd-v3\\.md,\\s+(?:\\*\\s+)?section\\s+(?:\\*\\s+)?(\\d+\\.\\d+)");
    private static final Pattern SETTING = Pattern.compile("quorate\\.[a-z]+[a-z.-]*[a-z]");
    private static final Pattern JAVADOC = Pattern.compile("/\\*\\*(.*?)\\*/", Pattern.DOTALL);

    @Test
    void packagesWhenReadExplainThemselves() {
        Set<Path> packages = files(MAIN, ".java").map(Path::getParent).collect(Collectors.toCollection(TreeSet::new));
        assertThat(packages.stream().filter(directory -> !isExplained(directory.resolve("package-info.java"))))
                .isEmpty();
    }

    private static boolean isExplained(Path info) {
        String text = Files.exists(info) ? read(info) : "";
        String javadoc = JAVADOC.matcher(text)
                .results()
                .map(MatchResult::group)
                .findFirst()
                .orElse("");
        return text.contains("@NullMarked") && javadoc.length() > PACKAGE_TEXT_MIN;
    }

    @Test
    void filesWhenCountedAreShort() {
        assertThat(files(Path.of("src"), ".java")
                        .filter(file -> read(file).lines().count() > FILE_LINES_MAX))
                .isEmpty();
    }

    @Test
    void sourcesWhenReadHaveNoLooseEnds() {
        Stream<Path> sources = Stream.of(files(Path.of("src"), ".java"), files(Path.of("src"), ".proto"), documents())
                .flatMap(paths -> paths);
        assertThat(sources.filter(file -> LOOSE_END.matcher(read(file)).find())).isEmpty();
    }

    /** A stage that nobody looks at keeps what its action throws to itself: a call would never be answered. */
    @Test
    void stagesWhenTheyEndCallsAreNotLeftAlone() {
        Stream<Path> sources = Stream.of("api", "proposal")
                .flatMap(directory -> files(Path.of("src/main/java/io/quorate", directory), ".java"));
        assertThat(sources.filter(file -> LEFT_ALONE.matcher(read(file)).find()))
                .isEmpty();
    }

    @Test
    void testsWhenNamedAreFoundByTheBuild() {
        assertThat(files(Path.of("src/test/java"), ".java")
                        .filter(file ->
                                read(file).contains("@Test\n") || read(file).contains("@ParameterizedTest\n"))
                        .map(file -> file.getFileName().toString()))
                .allMatch(name -> name.endsWith("Tests.java") || name.endsWith("IT.java"));
    }

    @Test
    void documentsWhenTheyLinkToFilesNameFilesThatExist() {
        assertThat(documents())
                .allSatisfy(document -> assertThat(LINK.matcher(read(document))
                                .results()
                                .map(link -> document.toAbsolutePath().resolveSibling(link.group(1))))
                        .as(document.toString())
                        .allSatisfy(target -> assertThat(target).exists()));
    }

    @Test
    void documentsWhenTheyNameSettingsNameSettingsThatExist() {
        String settings = read(Path.of("target/classes/META-INF/spring-configuration-metadata.json"));
        assertThat(documents())
                .allSatisfy(document -> assertThat(SETTING.matcher(read(document))
                                .results()
                                .map(MatchResult::group)
                                .filter(name -> !name.endsWith(".jar")))
                        .as(document.toString())
                        .allSatisfy(name -> assertThat(settings).contains('"' + name)));
    }

    @Test
    void commentsWhenTheyCiteTheReferenceCiteSectionsThatExist() {
        String reference = read(Path.of("docs/etcd-v3.md"));
        assertThat(files(Path.of("src"), ".java")
                        .flatMap(file -> CITATION.matcher(read(file)).results()))
                .hasSizeGreaterThan(20)
                .allSatisfy(citation -> assertThat(reference).contains("# " + citation.group(1) + " "));
    }

    /** A decision without its options, or without a date, cannot be judged again. */
    @Test
    void decisionsWhenReadHaveTheUsualForm() {
        assertThat(files(Path.of("docs/adr"), ".md")).isNotEmpty().allSatisfy(record -> {
            String text = read(record);
            assertThat(record.getFileName().toString()).matches("\\d{4}-[a-z0-9-]+\\.md");
            assertThat(text).containsPattern("(?m)^- Status: (proposed|accepted|superseded by \\d{4})$");
            assertThat(text).containsPattern("(?m)^- Date: \\d{4}-\\d{2}-\\d{2}$");
            assertThat(Pattern.compile("(?m)^## (.+)$").matcher(text).results().map(heading -> heading.group(1)))
                    .as(record.toString())
                    .containsExactly("Context", "Options", "Decision", "Consequences");
        });
    }

    @Test
    void readmeWhenItShowsACommandOfThisProjectShowsOneThatExists() {
        String readme = read(Path.of("README.md"));
        assertThat(readme).contains("mvn verify", "mvn spring-boot:run");
        assertThat(readme.lines().count()).isLessThanOrEqualTo(150);
        String version = Pattern.compile("<version>([^<]+)</version>\\s*<name>Quorate")
                .matcher(read(Path.of("pom.xml")))
                .results()
                .findFirst()
                .orElseThrow()
                .group(1);
        assertThat(readme).contains("target/quorate-" + version + "-exec.jar");
        assertThat(Pattern.compile("(?m)^\\s*(\\.?[\\w./-]+/[\\w-]+)(?: |$)")
                        .matcher(codeOf(readme))
                        .results()
                        .map(command -> Path.of(command.group(1))))
                .allSatisfy(command -> assertThat(command).isExecutable());
    }

    @Test
    void ciWhenReadRunsTheTestCommandOfTheReadme() {
        Path ci = Path.of(".ci/run");
        assertThat(ci).isExecutable();
        assertThat(read(ci)).contains("mvn ", " verify").doesNotContain("/home/", "/root/", "/work/", "/tmp/");
    }

    private static String codeOf(String markdown) {
        return Pattern.compile("(?s)```sh\n(.*?)```")
                .matcher(markdown)
                .results()
                .map(block -> block.group(1))
                .collect(Collectors.joining("\n"));
    }

    private static Stream<Path> documents() {
        return Stream.concat(
                files(Path.of("docs"), ".md"),
                List.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md").stream()
                        .map(Path::of));
    }

    private static Stream<Path> files(Path directory, String ending) {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(file -> file.toString().endsWith(ending)).toList().stream();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
