package io.quorate.mutation;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * Runs tests, each given as {@code Class} or {@code Class#method}, and prints what failed. Exit 0: all passed; 3: some
 * failed; anything else: they did not run.
 */
final class TestsMain {

    static final int FAILED = 3;

    /** Begins each line about a failure. */
    static final String MARK = "failed: ";

    private static final int NONE = 4;

    private TestsMain() {}

    public static void main(String[] tests) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectors(tests))
                                .filters(TagFilter.excludeTags("long"))
                                .build(),
                        listener);
        TestExecutionSummary summary = listener.getSummary();
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        summary.getFailures()
                .forEach(failure ->
                        out.println(MARK + failure.getTestIdentifier().getDisplayName() + ": "
                                + String.valueOf(failure.getException())
                                        .lines()
                                        .filter(line -> !line.isBlank())
                                        .findFirst()
                                        .orElse("")));
        System.exit(exit(summary));
    }

    private static int exit(TestExecutionSummary summary) {
        if (summary.getTestsFoundCount() == 0) {
            return NONE;
        }
        return summary.getTotalFailureCount() == 0 ? 0 : FAILED;
    }

    private static List<DiscoverySelector> selectors(String[] tests) {
        return Arrays.stream(tests).map(TestsMain::selector).toList();
    }

    private static DiscoverySelector selector(String test) {
        return test.contains("#") ? DiscoverySelectors.selectMethod(test) : DiscoverySelectors.selectClass(test);
    }
}
