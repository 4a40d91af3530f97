package io.quorate.integration.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quorate.embedded.EmbeddedQuorate;
import io.quorate.embedded.junit.QuorateCluster;
import io.quorate.fixture.SystemCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs what is in {@code examples}, each as its README says, against one member. */
@QuorateCluster(settings = "quorate.rest.enabled=true")
class ExamplesIT {

    private static final String JAVA = "io.quorate.examples.";

    @TempDir
    private static Path classes;

    private static ExampleSources examples;

    private final String member;

    ExamplesIT(EmbeddedQuorate quorate) {
        member = quorate.endpoints().getFirst().toString();
    }

    @BeforeAll
    static void compile() throws IOException {
        Path runner = Path.of("src/test/java/io/quorate/integration/embedded/RunTests.java");
        examples = ExampleSources.compiled(classes, runner);
    }

    @Test
    void configurationWhenRunSeesTheChange() {
        assertThat(SystemCommand.run(examples.command(JAVA + "Configuration", member)))
                .contains("read {settings/colour=green}", "changed {settings/colour=blue}");
    }

    @Test
    void lockWhenTwoWorkersShareItLosesNoAddition() {
        assertThat(SystemCommand.run(examples.command(JAVA + "DistributedLock", member)))
                .contains("added 10", "counter 20");
    }

    @Test
    void electionWhenTheLeaderResignsHasAnother() {
        assertThat(SystemCommand.run(examples.command(JAVA + "LeaderElection", member)))
                .contains("leads: anna\nbert waits: true\nleads: bert");
    }

    /** Also the library in a Spring Boot application: nothing of a member may start in the application's own context. */
    @Test
    void applicationWhenTestedHasAMemberOfItsOwn() {
        // Elsewhere, because Spring Boot reads settings of the working directory.
        List<String> command = new ArrayList<>(List.of("env", "-C", classes.toString()));
        command.addAll(examples.command(RunTests.class.getName(), JAVA + "boot.FlagsApplicationTests"));
        String output = SystemCommand.run(command);

        assertThat(output).contains("tests passed: 1", "Started FlagsApplicationTests");
        assertThat(output).containsOnlyOnce("gRPC Server started").doesNotContain("Tomcat initialized");
    }

    @Test
    void libraryWhenStartedAsAProgramNamesTheRightJar() throws IOException {
        SystemCommand ended = SystemCommand.attempt(
                List.of(ExampleSources.JAVA, "-jar", ExampleSources.library().toString()));

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.output()).contains("the program is the jar with -exec in its name");
    }

    @Test
    void curlWhenRunComparesAndSwaps() {
        assumeTrue(isInstalled("curl", "--version"), "no curl");

        assertThat(SystemCommand.run("examples/curl/keys.sh", member))
                .isEqualTo("value: hello\nlate write: 412\ngateway: goodbye");
    }

    @Test
    void pythonWhenRunSeesTheChange() {
        assumeTrue(isInstalled("python3", "--version"), "no python3");

        assertThat(SystemCommand.run("examples/python/settings.py", member))
                .isEqualTo("read green\nchanged put\nlate write 412");
    }

    @Test
    void goWhenRunSeesTheChangeAndLocks() {
        assumeTrue(isInstalled("go", "version"), "no go");
        assumeTrue(isInstalled("go", "-C", "examples/go", "mod", "download"), "modules cannot be had");

        assertThat(SystemCommand.run("go", "-C", "examples/go", "run", ".", member.replace("http://", "")))
                .endsWith("read green\nchanged blue\nlocked");
    }

    private static boolean isInstalled(String... command) {
        return SystemCommand.attempt(List.of(command)).exitCode() == 0;
    }

    /** Versions are written there once more, since it is a project of its own. */
    @Test
    void applicationWhenBuiltByItselfHasTheVersionsOfThisBuild() throws IOException {
        String example = Files.readString(Path.of("examples/spring-boot/pom.xml"));
        String own = Files.readString(Path.of("pom.xml"));

        assertThat(first(example, "spring-boot-starter-parent</artifactId>\\s*<version>([^<]+)"))
                .isEqualTo(first(own, "spring-boot-starter-parent</artifactId>\\s*<version>([^<]+)"));
        assertThat(first(example, "<artifactId>quorate</artifactId>\\s*<version>([^<]+)"))
                .isEqualTo(first(own, "<artifactId>quorate</artifactId>\\s*<version>([^<]+)"));
        assertThat(first(example, "<artifactId>jetcd-core</artifactId>\\s*<version>([^<]+)"))
                .isEqualTo(first(own, "<jetcd.version>([^<]+)"));
        assertThat(first(example, "<netty.version>([^<]+)")).isEqualTo(first(own, "<netty.version>([^<]+)"));
    }

    private static String first(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(found -> found.group(1))
                .findFirst()
                .orElseThrow();
    }
}
