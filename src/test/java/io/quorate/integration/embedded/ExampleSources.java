package io.quorate.integration.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The examples in Java as a user has them: compiled and run with the library's jar and the jars that it needs, and nothing else of this
 * project.
 *
 * @param classPath of the compiled examples
 */
record ExampleSources(List<String> classPath) {

    static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    /**
     * Compiles them.
     *
     * @param target gets the classes
     * @param more a program of the test that is compiled with them
     */
    static ExampleSources compiled(Path target, Path more) throws IOException {
        List<String> classPath = new ArrayList<>();
        classPath.add(library().toString());
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.endsWith(".jar"))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .forEach(classPath::add);
        List<Path> sources = new ArrayList<>(List.of(more));
        sources.addAll(sourcesIn("examples/java"));
        sources.addAll(sourcesIn("examples/spring-boot/src"));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter problems = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of(
                    "-d",
                    target.toString(),
                    "-cp",
                    String.join(File.pathSeparator, classPath),
                    "-proc:none",
                    "-parameters");
            boolean done = compiler.getTask(
                            problems, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();
            assertThat(done).as(problems.toString()).isTrue();
        }
        classPath.addFirst(target.toString());
        classPath.addFirst(Path.of("examples/spring-boot/src/main/resources")
                .toAbsolutePath()
                .toString());
        return new ExampleSources(classPath);
    }

    /** The jar that the build has made. */
    static Path library() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("target"))) {
            return files.filter(file -> file.getFileName().toString().matches("quorate-[\\d.]+(-SNAPSHOT)?\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no jar of the library in target: mvn package"))
                    .toAbsolutePath();
        }
    }

    private static List<Path> sourcesIn(String directory) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(directory))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    /** A command that runs one of them. */
    List<String> command(String mainClass, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(JAVA);
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                String.join(File.pathSeparator, classPath),
                mainClass));
        command.addAll(List.of(arguments));
        return command;
    }
}
