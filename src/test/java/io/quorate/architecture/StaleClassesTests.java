package io.quorate.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The step of the build that finds out what a change makes stale, over a project of five classes. */
class StaleClassesTests {

    private static final Path STEP =
            Path.of("src/build/java/io/quorate/build/StaleClasses.java").toAbsolutePath();

    private final Map<String, String> sources = new TreeMap<>(Map.of(
            "Base", "class Base { static final int SIZE = 1; int twice(int value) { return value * 2; } }",
            "Child", "class Child extends Base {}",
            "UserOfChild", "class UserOfChild { int four(Child child) { return child.twice(2); } }",
            "UserOfConstant", "class UserOfConstant { int size = Base.SIZE; }",
            "Other", "class Other {}"));

    @TempDir
    Path project;

    @BeforeEach
    void compiledProject() throws IOException, InterruptedException {
        Files.writeString(project.resolve("pom.xml"), "<project/>");
        Files.writeString(project.resolve("lombok.config"), "");
        sources.forEach(this::write);
        compile();
        assertThat(stale()).as("without a record of a former build").isEqualTo(sources.keySet());
        compile();
        assertThat(stale()).as("without a change").isEmpty();
    }

    @Test
    void codeWhenChangedMakesItsClassStaleAlone() throws IOException, InterruptedException {
        change("Base", "value * 2", "value + value");

        assertThat(stale()).containsExactly("Base");
    }

    @Test
    void signatureWhenChangedMakesUsersAndHeirsAndTheirUsersStale() throws IOException, InterruptedException {
        change("Base", "int twice(int", "long twice(long");

        assertThat(stale()).containsExactly("Base", "Child", "UserOfChild", "UserOfConstant");
    }

    @Test
    void constantWhenChangedMakesStaleWhatHasACopyOfIt() throws IOException, InterruptedException {
        change("Base", "SIZE = 1", "SIZE = 2");

        assertThat(stale()).contains("Base", "UserOfConstant").doesNotContain("Other");
    }

    @Test
    void sourceWhenDeletedTakesItsClassAlongAndMakesUsersStale() throws IOException, InterruptedException {
        Files.delete(source("Child"));
        sources.remove("Child");

        assertThat(stale()).containsExactly("UserOfChild");
        assertThat(classFile("Child")).doesNotExist();
    }

    @Test
    void settingsOfTheBuildWhenChangedMakeEverythingStale() throws IOException, InterruptedException {
        Files.writeString(project.resolve("pom.xml"), "<project></project>");

        assertThat(stale()).isEqualTo(sources.keySet());
    }

    /** A class stays stale, and is compared with what it was, until it is compiled. */
    @Test
    void userWhenChangedBeforeItWasCompiledMakesItsUsersStale() throws IOException, InterruptedException {
        change("Child", "extends Base {}", "extends Base { int more() { return 1; } }");
        assertThat(stale()).containsExactly("Child", "UserOfChild");
        change("Child", "int more()", "int most()");

        assertThat(stale()).containsExactly("Child", "UserOfChild");
    }

    @Test
    void sourceWhenAddedIsCompiledTogetherWithWhatUsesIt() throws IOException, InterruptedException {
        sources.put("Added", "interface Added {}");
        write("Added", "interface Added {}");
        change("Other", "class Other {}", "class Other implements Added {}");

        sources.remove("Added"); // it has no class file yet
        assertThat(stale()).containsExactly("Other");
    }

    /** The real compilation says what is wrong, if something is. */
    @Test
    void sourceWhenItDoesNotCompileMakesEverythingStale() throws IOException, InterruptedException {
        change("Other", "class Other {}", "class Other implements Nothing {}");

        assertThat(stale()).isEqualTo(sources.keySet());
    }

    private Path source(String name) {
        return project.resolve("src/main/java/io/quorate/" + name + ".java");
    }

    private Path classFile(String name) {
        return project.resolve("target/classes/io/quorate/" + name + ".class");
    }

    private void write(String name, String text) {
        try {
            Files.createDirectories(source(name).getParent());
            Files.writeString(source(name), "package io.quorate;\n" + text);
        } catch (IOException unwritable) {
            throw new IllegalStateException(unwritable);
        }
    }

    private void change(String name, String from, String to) throws IOException {
        String changed = String.valueOf(sources.get(name)).replace(from, to);
        assertThat(sources.put(name, changed)).isNotEqualTo(changed);
        write(name, changed);
        FileTime later = FileTime.from(
                Files.getLastModifiedTime(source(name)).toInstant().plusSeconds(2));
        Files.setLastModifiedTime(source(name), later);
    }

    private void compile() {
        List<String> arguments = new ArrayList<>(
                List.of("-parameters", "-d", project.resolve("target/classes").toString()));
        sources.keySet().forEach(name -> arguments.add(source(name).toString()));
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)))
                .isZero();
    }

    /** Runs the step, then names those whose class file is older than the source. */
    private TreeSet<String> stale() throws IOException, InterruptedException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process step = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        classPath,
                        STEP.toString())
                .directory(project.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(step.getInputStream().readAllBytes());
        assertThat(step.waitFor()).as(output).isZero();
        TreeSet<String> stale = new TreeSet<>();
        for (String name : sources.keySet()) {
            FileTime compiled = Files.getLastModifiedTime(classFile(name));
            if (compiled.compareTo(Files.getLastModifiedTime(source(name))) < 0) {
                stale.add(name);
            }
        }
        return stale;
    }
}
