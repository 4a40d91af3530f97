package io.quorate.integration.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.embedded.EmbeddedQuorate;
import io.quorate.embedded.junit.QuorateCluster;
import io.quorate.embedded.junit.QuorateExtension;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The extension as JUnit runs it; what the tests inside saw is looked at from outside. */
class EmbeddedExtensionIT {

    private static final List<EmbeddedQuorate> SEEN = new ArrayList<>();

    @BeforeEach
    void forget() {
        SEEN.clear();
    }

    @QuorateCluster(settings = "quorate.max-txn-ops=3")
    static class OneForTheClass {

        OneForTheClass(EmbeddedQuorate quorate) {
            SEEN.add(quorate);
        }

        @Test
        void first(EmbeddedQuorate quorate, List<URI> endpoints) throws Exception {
            assertThat(endpoints).hasSize(1).isEqualTo(quorate.endpoints());
            try (Jetcd client = new Jetcd(endpoints)) {
                client.put("a", "1");
                assertThat(client.get("a")).containsExactly("1");
            }
        }

        @Test
        void second() {}

        @Nested
        class Inside {

            @Test
            void third(EmbeddedQuorate quorate) {
                SEEN.add(quorate);
            }
        }
    }

    @QuorateCluster(perTest = true)
    static class OneForEachTest {

        OneForEachTest(EmbeddedQuorate quorate) {
            SEEN.add(quorate);
        }

        @Test
        void first(EmbeddedQuorate quorate) {
            assertThat(quorate).isSameAs(SEEN.getLast());
        }

        @Test
        void second(EmbeddedQuorate quorate) {
            assertThat(quorate).isSameAs(SEEN.getLast());
        }
    }

    static class InAField {

        @RegisterExtension
        static final QuorateExtension QUORATE =
                QuorateExtension.of(EmbeddedQuorate.builder().members(3));

        @Test
        void only(List<URI> endpoints) {
            assertThat(endpoints).hasSize(3).isEqualTo(QUORATE.cluster().endpoints());
            SEEN.add(QUORATE.cluster());
        }
    }

    @ExtendWith(QuorateExtension.class)
    static class WithoutAPlan {

        @Test
        void only() {}
    }

    @QuorateCluster(settings = "quorate.max-txn-ops")
    static class WithAHalfSetting {

        @Test
        void only() {}
    }

    @Test
    void clusterWhenOfAClassIsSharedByItsTestsAndClosedAfterThem() {
        assertThat(run(OneForTheClass.class)).isEmpty();

        assertThat(SEEN).hasSizeGreaterThanOrEqualTo(4).allMatch(seen -> seen == SEEN.getFirst());
        assertThat(SEEN.getFirst().member(1).isRunning()).isFalse();
    }

    @Test
    void clusterWhenOfATestIsAnotherInEach() {
        assertThat(run(OneForEachTest.class)).isEmpty();

        assertThat(SEEN)
                .hasSize(2)
                .doesNotHaveDuplicates()
                .noneMatch(seen -> seen.member(1).isRunning());
    }

    @Test
    void clusterWhenOfAFieldIsWhatItsBuilderSays() {
        assertThat(run(InAField.class)).isEmpty();

        assertThat(SEEN)
                .singleElement()
                .satisfies(seen -> assertThat(seen.members()).noneMatch(member -> member.isRunning()));
    }

    @Test
    void extensionWhenNothingSaysWhatToStartTellsHow() {
        assertThat(run(WithoutAPlan.class)).singleElement().asString().contains("needs @QuorateCluster at the class");
    }

    @Test
    void extensionWhenASettingHasNoValueTellsHow() {
        assertThat(run(WithAHalfSetting.class))
                .singleElement()
                .asString()
                .contains("name=value, not quorate.max-txn-ops");
    }

    /** What failed, and why. */
    private static List<String> run(Class<?> tests) {
        List<String> failures = new ArrayList<>();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectClass(tests))
                .build();
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                result.getThrowable().ifPresent(failure -> failures.add(test.getDisplayName() + ": " + failure));
            }
        });
        return failures;
    }
}
