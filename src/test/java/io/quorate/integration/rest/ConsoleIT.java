package io.quorate.integration.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The console about keys, in a real browser. */
class ConsoleIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension
    static final ConsoleExtension CONSOLE = new ConsoleExtension(Map.of("console.writable", "true"));

    private static String stored(String key) {
        return CONSOLE.client()
                .get("/api/v1/keys/" + key, "Accept", "text/plain")
                .is(200)
                .text();
    }

    @Test
    void treeWhenOpenedShowsOneLevelAtATime() {
        CONSOLE.client().put("/api/v1/keys/tree/a/1", "x").is(200);
        CONSOLE.client().put("/api/v1/keys/tree/a/2", "x").is(200);
        CONSOLE.client().put("/api/v1/keys/tree/b", "x").is(200);

        Tab tab = CONSOLE.open("/keys/tree/").shows("3 keys").shows("a/");
        assertThat(tab.text()).doesNotContain("1\n");
        tab.until("document.querySelector('.branch .count').textContent === '2'");
        tab.value("document.querySelector('.branch').focus()");
        tab.key("Enter", 13).until("document.querySelectorAll('a.leaf').length === 3");
        tab.press("a/").until("document.querySelectorAll('a.leaf').length === 1");
        tab.look(1280, 800, false).picture("keys-light").look(1280, 800, true).picture("keys-dark");
        tab.look(400, 800, false).picture("keys-narrow");
        assertThat(tab.value("document.documentElement.scrollWidth").asInt()).isLessThanOrEqualTo(400);
    }

    @Test
    void keyWhenCreatedChangedAndDeletedIsSoInTheStore() {
        Tab tab = CONSOLE.open("/keys/made/").press("New key");
        tab.enter("Key", "made/one").enter("Value", "first").press("Create").shows("Changed at revision");
        assertThat(stored("made/one")).isEqualTo("first");

        tab.edit("second").press("Save").shows("Saved.");
        assertThat(stored("made/one")).isEqualTo("second");

        CONSOLE.client().put("/api/v1/keys/made/one", "theirs").is(200);
        tab.edit("mine").press("Save").shows("changed meanwhile");
        assertThat(stored("made/one")).isEqualTo("theirs");
        tab.picture("conflict").press("Save what is above nevertheless").shows("Saved.");
        assertThat(stored("made/one")).isEqualTo("mine");

        tab.press("Delete").shows("Delete this key?");
        tab.click("dialog button.danger");
        tab.shows("There is no such key.");
        CONSOLE.client().get("/api/v1/keys/made/one").is(404);
    }

    @Test
    void prefixWhenDeletedIsCountedBeforeAndNeedsItsName() {
        for (int i = 0; i < 12; i++) {
            CONSOLE.client().put("/api/v1/keys/gone/" + i, "x").is(200);
        }
        Tab tab = CONSOLE.open("/keys/gone/").press("Delete all").shows("Delete 12 keys?");
        assertThat(tab.value("document.querySelector('dialog .danger').disabled")
                        .asBoolean())
                .isTrue();
        tab.enter("To go on", "gone/");
        CONSOLE.client().put("/api/v1/keys/gone/new", "x").is(200);
        tab.click("dialog button.danger");
        tab.shows("one of the keys was written meanwhile");

        tab.press("Delete all").shows("Delete 13 keys?").enter("To go on", "gone/");
        tab.click("dialog button.danger");
        tab.shows("13 keys were deleted.");
        assertThat(CONSOLE.client()
                        .get("/api/v1/keys/gone/?prefix&count_only")
                        .json()
                        .path("count")
                        .asInt())
                .isZero();
    }

    @Test
    void keyWhenItIsMarkupOrBytesOrOfAnyScriptIsShownAsItIs() {
        String markup = "<img src=x onerror=document.title='run'><b>";
        String path = URLEncoder.encode(markup, StandardCharsets.UTF_8).replace("+", "%20");
        CONSOLE.client().put("/api/v1/keys/odd/" + path, markup).is(200);
        CONSOLE.client()
                .put("/api/v1/keys/odd/%E6%97%A5%E6%9C%AC/%D7%A9%D7%9C%D7%95%D7%9D", "日本 שלום नमस्ते")
                .is(200);
        CONSOLE.client()
                .send("PUT", "/api/v1/keys/odd/%00%FFbytes", new byte[] {0, (byte) 0xff, 7})
                .is(200);

        Tab tab = CONSOLE.open("/keys/odd/").shows(markup).shows("日本/").shows("0x00ff6279746573");
        tab.click("a.leaf[data-key*='img']");
        tab.until("document.querySelector('.detail textarea')?.value === " + Tab.quoted(markup));
        assertThat(tab.value("document.title").asString()).isEqualTo("Keys – Quorate");
        assertThat(tab.value("document.querySelectorAll('main img, main b').length")
                        .asInt())
                .isZero();

        tab.press("日本/").shows("שלום").click("a.leaf[data-key*='%D7%A9']");
        tab.until("document.querySelector('.detail textarea')?.value === '日本 שלום नमस्ते'");

        tab.click("a.leaf[data-key*='%FFbytes']");
        tab.until("document.querySelector('.detail textarea')?.value === 'AP8H'");
        tab.click("input[value=hex]").until("document.querySelector('.detail textarea').value === '00ff07'");
        tab.edit("00ff0708").press("Save").shows("Saved.");
        assertThat(CONSOLE.client()
                        .get("/api/v1/keys/odd/%00%FFbytes", "Accept", "application/octet-stream")
                        .body())
                .containsExactly(0, 0xff, 7, 8);
    }

    @Test
    void valueWhenLargeIsShownInPartUntilAllIsAskedFor() {
        String large = "0123456789abcdef".repeat(93_750);
        CONSOLE.client().put("/api/v1/keys/large", large).is(200);

        Tab tab = CONSOLE.open("/key/large").shows("The beginning of 1.4 MiB");
        tab.press("Show all").until("document.querySelector('.detail textarea').value.length === 1500000");
        tab.value("document.querySelector('.detail textarea').setRangeText('#', 0, 1)");
        tab.value("document.querySelector('.detail textarea').dispatchEvent(new Event('input'))");
        tab.press("Save").shows("Saved.");
        assertThat(stored("large")).isEqualTo("#" + large.substring(1));
    }

    @Test
    void pageWhenItsMemberDiesSaysSoAndRecovers() {
        CONSOLE.client().put("/api/v1/keys/dies/a", "kept").is(200);
        Tab tab = CONSOLE.open("/key/dies/a").until("document.querySelector('.detail textarea')");
        tab.edit("not saved yet");
        assertThat(CONSOLE.member().terminate(PATIENCE).exitCode()).isEqualTo(143);
        tab.press("Save").shows("This member does not answer.").picture("dead");

        CONSOLE.member().start();
        tab.shows("The member answers again.").press("Save").shows("Saved.");
        assertThat(stored("dies/a")).isEqualTo("not saved yet");
    }
}
