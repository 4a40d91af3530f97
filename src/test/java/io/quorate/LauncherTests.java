package io.quorate;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the jar starts with, which has no place on the class path of tests: they compile it as the build does. */
class LauncherTests {

    /** The class files of Java 17, which Boot's own loader needs too. */
    private static final int JAVA_17 = 61;

    private @TempDir Path classes;

    @BeforeEach
    void compile() {
        int failures = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "--release",
                        "17",
                        "-proc:none",
                        "-d",
                        classes.toString(),
                        "src/launcher/java/io/quorate/Launcher.java");
        assertThat(failures).isZero();
    }

    @Test
    void buildWhenReadStartsWithTheLauncherCompiledForTheOlderJava() throws Exception {
        assertThat(Files.readString(Path.of("pom.xml")))
                .contains("<start-class>io.quorate.Launcher</start-class>")
                .containsPattern("<id>launcher</id>[^@]*?<release>17</release>");
        byte[] file = Files.readAllBytes(classes.resolve("io/quorate/Launcher.class"));
        assertThat(file[7]).isEqualTo((byte) JAVA_17);
    }

    @ParameterizedTest
    @CsvSource({
        "17, Quorate needs Java 25 or newer; this is Java 17",
        "24, Quorate needs Java 25 or newer; this is Java 24",
        "25, ''",
        "26, ''"
    })
    void problemWhenJavaIsTooOldSaysWhatIsNeeded(int feature, String problem) throws Exception {
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()}, null)) {
            Method method = loader.loadClass("io.quorate.Launcher").getDeclaredMethod("problem", int.class);
            method.setAccessible(true);
            assertThat(method.invoke(null, feature)).isEqualTo(problem);
        }
    }
}
