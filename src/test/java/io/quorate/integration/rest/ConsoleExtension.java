package io.quorate.integration.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quorate.fixture.TestMember;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One member and one browser for the tests of a class, which is left out where no Chromium is installed. */
final class ConsoleExtension implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {

    private final Map<String, String> settings;
    private @Nullable TestMember member;
    private @Nullable RestClient client;
    private @Nullable Browser browser;
    private @Nullable Path directory;

    ConsoleExtension(Map<String, String> settings) {
        this.settings = settings;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        assumeTrue(Browser.isInstalled(), "no Chromium here");
        member = TestMember.create(settings).start();
        client = new RestClient(member.clientUrl());
        directory = Files.createTempDirectory("browser");
        browser = new Browser(directory);
    }

    /** Neither scripts that fail, nor anything that the page's policy forbids. */
    @Override
    public void afterEach(ExtensionContext context) {
        if (context.getExecutionException().isEmpty()) {
            assertThat(browser().complaints()).isEmpty();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        if (browser != null) {
            browser.close();
        }
        if (client != null) {
            client.close();
        }
        if (member != null) {
            member.close();
        }
        if (directory != null) {
            remove(directory);
        }
    }

    private static void remove(Path directory) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(directory)) {
            files = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }

    TestMember member() {
        return Objects.requireNonNull(member);
    }

    RestClient client() {
        return Objects.requireNonNull(client);
    }

    private Browser browser() {
        return Objects.requireNonNull(browser);
    }

    /** Opens a view in a tab of its own. */
    Tab open(String fragment) {
        return browser().open().go(address(fragment));
    }

    String address(String fragment) {
        return member().clientUrl() + "/console/#" + fragment;
    }
}
