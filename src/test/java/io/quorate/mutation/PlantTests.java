package io.quorate.mutation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each fault of {@code src/test/plants} can be planted, and the tests that it names fail with it. */
class PlantTests {

    /** A fault may keep a test from ever ending; that is noticed, too. */
    private static final int MINUTES_MAX = 10;

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
    void plantIsNoticed(Plant plant) throws Exception {
        List<String> classPath = classPath();
        assertThat(run(classPath, plant)).as("without the fault").isZero();
        List<String> withFault = new ArrayList<>();
        withFault.add(compiled(plant, classPath).toString());
        withFault.addAll(classPath);
        assertThat(run(withFault, plant)).as("with the fault").isEqualTo(TestsMain.FAILED);
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

    private int run(List<String> classPath, Plant plant) throws IOException, InterruptedException {
        Path output = work.resolve("output");
        List<String> command = Stream.concat(
                        Stream.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-Xmx1g",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-cp",
                                String.join(File.pathSeparator, classPath),
                                TestsMain.class.getName()),
                        plant.noticedBy().stream())
                .collect(Collectors.toList());
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
        System.out.println(plant + ": " + Files.readString(output, StandardCharsets.UTF_8));
        return tests.exitValue();
    }
}
