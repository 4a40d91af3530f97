package io.quorate.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules hold for the program, and each of them fails for a class made to break it. */
class ArchitectureTests {

    private static final String FIXTURE = "io.quorate.architecture.fixture";

    private static final JavaClasses PROGRAM = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.quorate");

    static Stream<ArchRule> rules() {
        return Stream.of(
                Rules.packages(Rules.PACKAGES),
                Rules.libraries(Rules.LIBRARIES),
                Rules.noCycles("io.quorate"),
                Rules.pureConsensus("io.quorate"),
                Rules.noFieldInjection(),
                Rules.beansOnlyInConfigurations(),
                Rules.noDefaultStartHooks(),
                Rules.grpcInternalsInOnePlace(),
                Rules.namesTellTheJob());
    }

    @ParameterizedTest
    @MethodSource("rules")
    void programWhenReadObeysTheRule(ArchRule rule) {
        rule.check(PROGRAM);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "base",
                "proto",
                "raft",
                "storage",
                "storage.springdata",
                "mvcc",
                "watch",
                "lease",
                "alarm",
                "membership",
                "node.wal",
                "node.snapshot",
                "tls",
                "node.transport",
                "node",
                "apply",
                "proposal",
                "integrity",
                "server",
                "assembly",
                "bootstrap",
                "repair",
                "api.error",
                "api.headers",
                "api.port",
                "api.grpc",
                "api.rest",
                "config",
                "ops",
                "ops.failure",
                "wiring",
                "embedded",
                "embedded.junit",
                "embedded.spring",
                "."
            })
    void tableWhenFollowedNeverComesBack(String name) {
        assertThat(Rules.PACKAGES.names()).contains(name);
        assertThat(Rules.PACKAGES.reachableFrom(name)).doesNotContain(name);
        assertThat(Rules.PACKAGES.names()).containsAll(Rules.PACKAGES.allowedFor(name));
    }

    @Test
    void tableWhenReadLetsNobodyUseWiringOrOps() {
        for (String name : Rules.PACKAGES.names()) {
            // The main class names the wiring, so that nothing has to be searched for; embedded members are made of it.
            if (!name.equals(".") && !name.equals("embedded")) {
                assertThat(Rules.PACKAGES.allowedFor(name)).doesNotContain("wiring");
            }
            if (!name.equals("wiring") && !name.equals(".")) {
                assertThat(Rules.PACKAGES.allowedFor(name)).doesNotContain("ops", "ops.failure");
            }
        }
    }

    static Stream<Arguments> broken() {
        PackageTable packages = Rules.PACKAGES.under(FIXTURE);
        LibraryTable libraries = Rules.LIBRARIES.over(packages);
        return Stream.of(
                Arguments.of(Rules.packages(packages), "'raft' may not use 'mvcc'"),
                Arguments.of(Rules.packages(packages), "'mvcc' may not use 'wiring'"),
                Arguments.of(Rules.packages(packages), "'nowhere' has no row in the table"),
                Arguments.of(Rules.libraries(libraries), "'mvcc' may not use org.rocksdb because"),
                Arguments.of(Rules.libraries(libraries), "'apply' may not use io.grpc because"),
                Arguments.of(Rules.libraries(libraries), "'lease' may not use org.springframework because"),
                Arguments.of(Rules.noCycles(FIXTURE), "Cycle detected"),
                Arguments.of(Rules.pureConsensus(FIXTURE), "java.util.concurrent"),
                Arguments.of(Rules.noFieldInjection(), "Autowired"),
                Arguments.of(Rules.beansOnlyInConfigurations(), "makesABean"),
                Arguments.of(Rules.noDefaultStartHooks(), "EventListener"),
                Arguments.of(Rules.grpcInternalsInOnePlace(), "InternalStatus"),
                Arguments.of(Rules.namesTellTheJob(), "ThingHelper"));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void fixtureWhenReadBreaksTheRule(ArchRule rule, String words) {
        EvaluationResult result = rule.evaluate(new ClassFileImporter().importPackages(FIXTURE));
        assertThat(result.hasViolation()).isTrue();
        assertThat(result.getFailureReport().toString()).contains(words);
    }
}
