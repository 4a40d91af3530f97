package io.quorate.integration.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** What the console does with what was entered and is not saved yet, and with keys that are made to mislead it, in a real browser. */
class ConsoleEditsIT {

    private static final String VALUE = "document.querySelector('.detail textarea')?.value";
    private static final String DIALOGS = "document.querySelectorAll('dialog[open]').length";

    @RegisterExtension
    static final ConsoleExtension CONSOLE = new ConsoleExtension(Map.of("console.writable", "true"));

    private static JsonNode stored(String key) {
        return CONSOLE.client().get("/api/v1/keys/" + key).is(200).json();
    }

    private static void put(String key, String value) {
        CONSOLE.client().put("/api/v1/keys/" + key, value).is(200);
    }

    private static String lease() {
        return CONSOLE.client()
                .json("POST", "/api/v1/leases", "{\"ttl\":3600}")
                .is(201)
                .json()
                .path("id")
                .asString();
    }

    /** Goes to another address, and returns when the page has heard of it. */
    private static void move(Tab tab, String fragment) {
        tab.value(
                "new Promise((heard) => { addEventListener('hashchange', () => heard(true), {once: true}); location.hash = "
                        + Tab.quoted("#" + fragment) + "; })");
    }

    @Test
    void keyWithALeaseWhenWrittenInSpiteOfAConflictKeepsIt() {
        String lease = lease();
        String other = lease();
        put("leased/a", "x");
        Tab tab = CONSOLE.open("/key/leased/a").edit("mine");
        put("leased/a?lease=" + lease, "theirs");
        tab.press("Save").shows("It has the lease " + lease + ", which it keeps.");
        tab.press("Save what is above nevertheless").shows("Saved.");
        assertThat(stored("leased/a").path("lease").asString()).isEqualTo(lease);

        tab.edit("again");
        CONSOLE.client().delete("/api/v1/keys/leased/a").is(200);
        tab.press("Save").shows("deleted meanwhile. It had the lease " + lease);
        put("leased/a?lease=" + other, "back");
        tab.press("Create it with this value, without a lease").shows("It has the lease " + other);
        tab.press("Save what is above nevertheless").shows("Saved.");
        assertThat(stored("leased/a").path("lease").asString()).isEqualTo(other);

        tab.edit("at last");
        CONSOLE.client().delete("/api/v1/keys/leased/a").is(200);
        tab.press("Save").press("Create it with this value and that lease").shows("The key was created again.");
        assertThat(stored("leased/a").path("lease").asString()).isEqualTo(other);
        assertThat(stored("leased/a").path("value").asString()).isEqualTo("at last");
    }

    @Test
    void answerWhenItComesLateIsNotShownForAnotherKey() {
        put("late/a", "of a");
        put("late/b", "of b");
        Tab tab = CONSOLE.open("/keys/late/").shows("2 keys");
        String path = Base64.getUrlEncoder().withoutPadding().encodeToString("late/a".getBytes(StandardCharsets.UTF_8));
        tab.value("""
                (() => {
                  const real = window.fetch;
                  window.fetch = async (url, options) => {
                    const answer = await real(url, options);
                    if (String(url).includes(PATH)) {
                      const bytes = await answer.arrayBuffer();
                      answer.arrayBuffer = () => new Promise((go) => { window.release = () => go(bytes); });
                    }
                    return answer;
                  };
                })()
                """.replace("PATH", Tab.quoted(path)));
        tab.click("a.leaf[data-key='late/a']").until("window.release");
        tab.click("a.leaf[data-key='late/b']").until(VALUE + " === 'of b'");
        tab.value("window.release()");
        assertThat(tab.value(VALUE).asString()).isEqualTo("of b");
    }

    /** Answers to writes, and then to the read behind them, are held back until {@code release()} is called. */
    private static final String HELD = """
            (() => {
              const real = window.fetch;
              window.fetch = async (url, options) => {
                const answer = await real(url, options);
                if (options?.method === 'PUT' || window.holdReads) {
                  window.holdReads = true;
                  await new Promise((go) => { window.release = () => { window.release = null; go(); }; });
                }
                return answer;
              };
            })()
            """;

    @Test
    void textWhenTypedWhileASaveIsUnderWayIsKeptAndSavedNext() {
        put("typed/a", "x");
        Tab tab = CONSOLE.open("/key/typed/a").edit("first");
        tab.value(HELD);
        tab.press("Save").until("window.release");
        tab.edit("second");
        assertThat(tab.value("document.querySelector('.actions .main').disabled")
                        .asBoolean())
                .as("a save is under way")
                .isTrue();
        tab.value("window.release()");
        tab.shows("Saved.").until("window.release").edit("third");
        assertThat(stored("typed/a").path("value").asString()).isEqualTo("first");
        tab.value("(() => { window.holdReads = false; window.release(); })()");
        tab.until("document.querySelector('.facts').innerText.includes('"
                + stored("typed/a").path("mod_revision").asString() + "')");
        assertThat(tab.value(VALUE).asString()).isEqualTo("third");

        move(tab, "/leases");
        tab.shows("Leave without saving?").press("Cancel");
        tab.value("window.holdReads = false");
        tab.press("Save").until("window.release").value("window.release()");
        tab.until("window.release").value("window.release()");
        tab.until("document.querySelector('.facts').innerText.includes('"
                + stored("typed/a").path("mod_revision").asString() + "')");
        assertThat(stored("typed/a").path("value").asString()).isEqualTo("third");
        assertThat(tab.value(VALUE).asString()).isEqualTo("third");
        tab.until("document.querySelector('.actions .main').disabled");
    }

    @Test
    void valueWhenDeeplyNestedIsShownAsTextAndCanBeDeleted() {
        String deep = "{\"a\":" + "[".repeat(20_000) + "]".repeat(20_000) + "}";
        put("deep/a", deep);
        Tab tab = CONSOLE.open("/key/deep/a").until(VALUE + ".length === " + deep.length());
        tab.click("input[value=json]").shows("This JSON is too deep or too long");
        CONSOLE.open("/history/deep/a").until("document.querySelector('.diff .added')?.innerText.includes('[[[[')");
        tab.press("Delete").shows("Delete this key?").click("dialog button.danger");
        tab.shows("There is no such key.");
    }

    @Test
    void largeValueWhenEditedIsNotLostInAnotherForm() {
        String large = "0123456789abcdef".repeat(20_000);
        put("large/a", large);
        Tab tab = CONSOLE.open("/key/large/a").press("Show all").until(VALUE + ".length === " + large.length());
        tab.edit("#" + large).click("input[value=hex]").until(VALUE + ".startsWith('2330')");
        move(tab, "/leases");
        tab.shows("Leave without saving?").press("Cancel").press("Save").shows("Saved.");
        assertThat(stored("large/a").path("value").asString()).isEqualTo("#" + large);
    }

    @Test
    void addressWhenItChangesTwiceAsksOnceAndKeepsWhatIsEntered() {
        put("asked/a", "x");
        Tab tab = CONSOLE.open("/key/asked/a").edit("entered");
        move(tab, "/leases");
        tab.until(DIALOGS + " === 1");
        move(tab, "/locks");
        assertThat(tab.value(DIALOGS).asInt()).isOne();
        tab.press("Cancel").until("location.hash === '#/key/asked/a'");
        assertThat(tab.value(VALUE).asString()).isEqualTo("entered");

        move(tab, "/leases");
        move(tab, "/key/asked/a");
        tab.press("Leave").until(DIALOGS + " === 0");
        assertThat(tab.value(VALUE).asString()).isEqualTo("entered");

        move(tab, "/leases");
        tab.press("Leave").shows("New lease");
    }

    @Test
    void namesAndValuesWhenNoPlainTextAreMadeVisibleInEveryView() {
        put("odd/%01a", "one\u0001\u202e");
        CONSOLE.client()
                .send("PUT", "/api/v1/keys/odd/%FF", new byte[] {0, (byte) 0xff})
                .is(200);
        Tab tab = CONSOLE.open("/keys/odd/").press("Delete all").shows("Delete 2 keys?");
        assertThat(tab.value("document.querySelector('dialog .sample').innerText")
                        .asString())
                .isEqualTo("odd/\u2401a\n0x6f64642fff");
        CONSOLE.open("/past/odd/").shows("one\u2401\\u202e").shows("0x00ff");
        CONSOLE.open("/watch/odd/?prefix&from=1").shows("one\u2401\\u202e").shows("0x00ff");
    }

    @Test
    void addressWhenItNamesNoViewShowsTheKeys() {
        CONSOLE.open("/constructor").shows("all keys");
    }
}
