package io.quorate.integration.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A tab of a {@link Browser}. Elements are named by selectors of CSS, or by the beginning of a button's label. */
final class Tab {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** What can be used: an open dialog, or else the page. */
    private static final String ASKED = "(document.querySelector('dialog[open]') ?? document)";

    private final Browser browser;
    private final String session;

    Tab(Browser browser, String session) {
        this.browser = browser;
        this.session = session;
    }

    /** Goes to an address, and waits until the page has its views. */
    Tab go(String address) {
        browser.command(session, "Page.navigate", Map.of("url", address));
        return until("document.querySelector('main')?.childElementCount > 0");
    }

    /** The value of an expression, which may be a promise. */
    JsonNode value(String expression) {
        JsonNode result = browser.command(
                session,
                "Runtime.evaluate",
                Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
        if (result.has("exceptionDetails")) {
            throw new IllegalStateException(expression + ": " + result.path("exceptionDetails"));
        }
        return result.path("result").path("value");
    }

    /** Waits until an expression is true. */
    Tab until(String expression) {
        await(expression)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> value("Boolean(" + expression + ")").asBoolean());
        return this;
    }

    /** Waits until the page shows a text. */
    Tab shows(String text) {
        await("the text " + text)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(text()).contains(text));
        return this;
    }

    /** All that the page shows. */
    String text() {
        return value("document.body.innerText").asString();
    }

    /** Presses a button, once it is there. */
    Tab press(String label) {
        String usable = "[..." + ASKED + ".querySelectorAll('button')].filter(one => !one.disabled)";
        String button = "(" + usable + ".find(one => one.innerText.trim() === " + quoted(label) + ") ?? " + usable
                + ".find(one => one.innerText.trim().startsWith(" + quoted(label) + ")))";
        until(button);
        value(button + ".click()");
        return this;
    }

    /** Clicks on an element, once it is there. */
    Tab click(String selector) {
        until("document.querySelector(" + quoted(selector) + ")");
        value("document.querySelector(" + quoted(selector) + ").click()");
        return this;
    }

    /** Fills the field that has a label which begins so, as one who types does. */
    Tab enter(String label, String text) {
        String field = "[..." + ASKED + ".querySelectorAll('label')]" + ".find(one => one.innerText.trim().startsWith("
                + quoted(label) + "))?.control";
        until(field);
        return fill(field, text);
    }

    /** Fills the value of the key that is shown. */
    Tab edit(String text) {
        until("document.querySelector('.detail textarea')");
        return fill("document.querySelector('.detail textarea')", text);
    }

    private Tab fill(String field, String text) {
        value("(() => { const field = " + field + "; field.value = " + quoted(text)
                + "; field.dispatchEvent(new Event('input', {bubbles: true})); })()");
        return this;
    }

    /** Presses a key of the keyboard. */
    Tab key(String key, int code) {
        for (String type : List.of("keyDown", "keyUp")) {
            browser.command(
                    session,
                    "Input.dispatchKeyEvent",
                    Map.of(
                            "type",
                            type,
                            "key",
                            key,
                            "code",
                            key,
                            "windowsVirtualKeyCode",
                            code,
                            "text",
                            key.equals("Enter") ? "\r" : ""));
        }
        return this;
    }

    /** Has files that the page hands over saved in a directory. */
    Tab downloads(Path directory) {
        String context = browser.command(session, "Target.getTargetInfo", Map.of())
                .path("targetInfo")
                .path("browserContextId")
                .asString();
        browser.command(
                null,
                "Browser.setDownloadBehavior",
                Map.of("behavior", "allow", "browserContextId", context, "downloadPath", directory.toString()));
        return this;
    }

    /** Shows the page in another size, and bright or dark. */
    Tab look(int width, int height, boolean dark) {
        browser.command(
                session,
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        browser.command(
                session,
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
        return this;
    }

    /** Keeps a picture of the page as {@code target/console-NAME.png}. */
    Tab picture(String name) {
        String data = browser.command(session, "Page.captureScreenshot", Map.of("format", "png"))
                .path("data")
                .asString();
        try {
            Files.write(
                    Path.of("target", "console-" + name + ".png"),
                    Base64.getDecoder().decode(data));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    static String quoted(String text) {
        return JSON.writeValueAsString(text);
    }
}
