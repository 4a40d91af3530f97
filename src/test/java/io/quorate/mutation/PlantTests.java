package io.quorate.mutation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each fault of {@code src/test/plants} can be planted, and the tests that it names fail with it. */
class PlantTests {

    /** A fault may keep a test from ever ending; that is noticed, too. */
    private static final int MINUTES_MAX = 10;

    /** Tests that passed without a fault. */
    private static final Set<String> PASSING = new HashSet<>();

    @TempDir
    private Path work;

    static List<Plant> plants() {
        String wanted = System.getProperty("plant", "");
        return Plant.all().stream()
                .filter(plant -> plant.name().contains(wanted))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("plants")
    void plantIsAnotherTextAndNamesTestsThatExist(Plant plant) throws IOException {
        assertThat(plant.planted()).isNotEqualTo(Files.readString(plant.source()));
        for (String test : plant.noticedBy()) {
            String[] parts = test.split("#");
            Path source = Path.of("src/test/java", parts[0].replace('.', '/') + ".java");
            assertThat(source).exists();
            assertThat(parts.length == 1 || Files.readString(source).contains(" void " + parts[1] + "("))
                    .as(test)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("plants")
    @Tag("long")
    void plantIsNoticed(Plant plant) throws IOException, InterruptedException {
        List<String> classPath = classPath();
        List<String> withFault = new ArrayList<>(classPath);
        withFault.addFirst(compiled(plant, classPath).toString());
        for (String test : plant.noticedBy()) {
            if (PASSING.add(test)) {
                assertThat(run(classPath, test)).as(test + " without a fault").isZero();
            }
            assertThat(run(withFault, test)).as(test + " with " + plant).isEqualTo(TestsMain.FAILED);
        }
    }

    private static List<String> classPath() {
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return List.of(path.split(File.pathSeparator));
    }

    private Path compiled(Plant plant, List<String> classPath) throws IOException {
        Path source = work.resolve(plant.source());
        Files.createDirectories(source.getParent());
        Files.writeString(source, plant.planted());
        Path classes = Files.createDirectory(work.resolve("classes"));
        String lombok = classPath.stream()
                .filter(entry -> entry.contains("lombok"))
                .findFirst()
                .orElseThrow();
        int failure = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-nowarn",
                        "-parameters",
                        "-processorpath",
                        lombok,
                        "-cp",
                        String.join(File.pathSeparator, classPath),
                        "-d",
                        classes.toString(),
                        source.toString());
        assertThat(failure).as("compiling " + plant).isZero();
        return classes;
    }

    private int run(List<String> classPath, String test) throws IOException, InterruptedException {
        Path output = work.resolve("output");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = List.of(
                java,
                "@bin/java.options",
                "-Xmx1g",
                "-cp",
                String.join(File.pathSeparator, classPath),
                TestsMain.class.getName(),
                test);
        Process tests = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!tests.waitFor(MINUTES_MAX, TimeUnit.MINUTES)) {
                return TestsMain.FAILED;
            }
        } finally {
            tests.destroyForcibly();
        }
        if (tests.exitValue() != 0) {
            Files.readString(output)
                    .lines()
                    .filter(line -> line.startsWith(TestsMain.MARK))
                    .forEach(System.out::println);
        }
        return tests.exitValue();
    }
}
