package io.quorate.integration.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.fixture.HttpReply;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** The views of the console beside keys, in a real browser. */
class ConsoleViewsIT {

    @RegisterExtension
    static final ConsoleExtension CONSOLE = new ConsoleExtension(Map.of("console.writable", "true"));

    private static long put(String key, String value) {
        return CONSOLE.client()
                .put("/api/v1/keys/" + key, value)
                .is(200)
                .json()
                .path("mod_revision")
                .asLong();
    }

    private static String stored(String key) {
        return CONSOLE.client()
                .get("/api/v1/keys/" + key, "Accept", "text/plain")
                .is(200)
                .text();
    }

    @Test
    void historyWhenAVersionIsChosenShowsItsDifferenceAndPutsItBack() {
        long first = put("past/a", "{\"size\":1,\"name\":\"x\"}");
        put("past/a", "{\"size\":2,\"name\":\"x\"}");
        CONSOLE.client().delete("/api/v1/keys/past/a").is(200);
        put("past/a", "{\"size\":3,\"name\":\"x\"}");

        Tab tab = CONSOLE.open("/history/past/a").shows("deleted").press("Revision " + first);
        tab.until(
                "document.querySelectorAll('.diff')[1]?.querySelector('.removed')?.innerText.includes('\"size\": 1')");
        tab.look(1280, 800, false)
                .picture("history-light")
                .look(1280, 800, true)
                .picture("history-dark");
        tab.press("Put this version back").shows("was put back");
        assertThat(stored("past/a")).isEqualTo("{\"size\":1,\"name\":\"x\"}");

        put("past/a", "meanwhile");
        tab.press("Revision " + first).press("Put this version back").shows("the key was changed meanwhile");
        assertThat(stored("past/a")).isEqualTo("meanwhile");
    }

    @Test
    void prefixWhenARevisionIsChosenIsAsItWasThen() {
        put("then/a", "first");
        long revision = put("then/b", "second");
        put("then/a", "third");
        CONSOLE.client().delete("/api/v1/keys/then/b").is(200);

        Tab tab = CONSOLE.open("/past/then/")
                .shows("1 keys at revision " + (revision + 2))
                .shows("third");
        tab.value("(() => { const slider = document.querySelector('input[type=range]'); slider.value = " + revision
                + "; slider.dispatchEvent(new Event('change')); })()");
        tab.shows("2 keys at revision " + revision)
                .shows("first")
                .shows("second")
                .picture("past");
        CONSOLE.open("/past/then/?revision=" + (revision + 1))
                .shows("2 keys at revision " + (revision + 1))
                .shows("third");
    }

    @Test
    void valueOfKubernetesWhenShownIsDecoded() {
        String stored = "6b3873000a090a027631" + "1203506f64" + "120a0a060a046e616d651807";
        CONSOLE.client()
                .send("PUT", "/api/v1/keys/pods/x", HexFormat.of().parseHex(stored))
                .is(200);
        Tab tab = CONSOLE.open("/key/pods/x");
        tab.until("document.querySelector('.detail textarea')?.value === "
                + Tab.quoted("apiVersion: v1\nkind: Pod\n1:\n  1: \"name\"\n3: 7"));
        assertThat(tab.value("document.querySelector('.detail textarea').readOnly")
                        .asBoolean())
                .isTrue();
        tab.click("input[value=hex]").until("document.querySelector('.detail textarea').value === '" + stored + "'");
    }

    @Test
    void watchWhenOpenShowsChangesAndGoesOnAfterItsMember() {
        Tab tab = CONSOLE.open("/watch/seen/?prefix").shows("Watching.");
        put("seen/a", "<b>one</b>");
        tab.shows("<b>one</b>");
        CONSOLE.client().delete("/api/v1/keys/seen/a").is(200);
        tab.shows("delete").picture("watch");

        assertThat(CONSOLE.member().terminate(Duration.ofSeconds(30)).exitCode())
                .isEqualTo(143);
        tab.shows("This member does not answer.");
        CONSOLE.member().start();
        put("seen/b", "afterwards");
        tab.shows("afterwards");
    }

    @Test
    void watchWhenItsPastIsCompactedSaysSo() {
        put("compacted/a", "1");
        long revision = put("compacted/a", "2");
        CONSOLE.client()
                .json("POST", "/api/v1/compaction", "{\"revision\":" + revision + "}")
                .is(200);
        CONSOLE.open("/watch/compacted/a?from=1").shows("required revision has been compacted");
    }

    @Test
    void leaseWhenShownCountsDownAndIsRevoked() {
        String lease = CONSOLE.client()
                .json("POST", "/api/v1/leases", "{\"ttl\":600}")
                .is(201)
                .json()
                .path("id")
                .asString();
        CONSOLE.client().put("/api/v1/keys/leased/a?lease=" + lease, "x").is(200);

        Tab tab = CONSOLE.open("/leases")
                .shows("leased/a")
                .shows("of 600 seconds left")
                .picture("leases");
        tab.until("!/600 of 600/.test(document.body.innerText)");
        tab.value("[...document.querySelectorAll('.leases li.card')].find(one => one.innerText.includes('" + lease
                + "')).querySelector('button.danger').click()");
        tab.enter("To go on", lease).click("dialog button.danger").shows("The lease was revoked.");
        CONSOLE.client().get("/api/v1/keys/leased/a").is(404);
    }

    @Test
    void clusterWhenShownHasItsNumbersAndGraphs() {
        String id =
                CONSOLE.client().get("/api/v1/status").json().path("member_id").asString();
        Tab tab =
                CONSOLE.open("/cluster").shows(id).shows("leader, this member").shows("Fsync of the log");
        put("graph/a", "x");
        tab.until("document.querySelectorAll('figure polyline[points]').length >= 15");
        tab.look(1280, 900, false)
                .picture("cluster-light")
                .look(1280, 900, true)
                .picture("cluster-dark");
        tab.look(400, 900, true).picture("cluster-narrow");
        assertThat(tab.value("document.documentElement.scrollWidth").asInt()).isLessThanOrEqualTo(400);

        tab.press("Defragment");
        assertThat(tab.value("document.querySelector('dialog .main').disabled").asBoolean())
                .isTrue();
        tab.enter("To go on", "defragment").click("dialog .main").shows("The store was rewritten.");

        long revision = put("graph/a", "y");
        tab.press("Compact").enter("Up to revision", String.valueOf(revision)).enter("To go on", "compact");
        tab.click("dialog button.danger").shows("The history was compacted.");
        CONSOLE.client().get("/api/v1/keys/graph/a?revision=" + (revision - 1)).is(410);
    }

    @Test
    void userWhenMadeInThePageHasTheRolesGivenThere() {
        Tab tab = CONSOLE.open("/access").shows("Authentication is off");
        tab.press("Add a role").enter("Name", "readers").press("Add").shows("The role was added.");
        tab.press("Add a user")
                .enter("Name", "eve")
                .enter("Password", "secret")
                .press("Add")
                .shows("The user was added.");
        tab.until("[...document.querySelectorAll('summary')].some(one => one.innerText === 'eve')");
        tab.value("[...document.querySelectorAll('summary')].find(one => one.innerText === 'readers').click()");
        tab.press("Give a permission").enter("Key", "seen/").press("Give").shows("read all that begin with seen/");
        tab.value("[...document.querySelectorAll('summary')].find(one => one.innerText === 'eve').click()");
        tab.press("Give a role").press("Give").shows("The role was given.").picture("users");

        Awaitility.await()
                .untilAsserted(() -> assertThat(CONSOLE.client()
                                .get("/api/v1/users/eve")
                                .json()
                                .path("roles")
                                .path(0)
                                .asString(""))
                        .isEqualTo("readers"));
        assertThat(CONSOLE.client().get("/api/v1/roles/readers").text())
                .contains("\"type\":\"read\"", "\"key\":\"seen/\"", "\"prefix\":true");
        takenAwayAfterAQuestion(tab);
    }

    private static void takenAwayAfterAQuestion(Tab tab) {
        tab.press("Take away").shows("Take the role readers away from eve?").press("Cancel");
        assertThat(CONSOLE.client().get("/api/v1/users/eve").text()).contains("readers");
        tab.press("Take away").click("dialog button.danger").shows("The role was taken away.");
        tab.press("Take away").shows("Take this permission away from readers?").shows("read all that begin with seen/");
        tab.click("dialog button.danger").shows("The permission was taken away.");
        assertThat(CONSOLE.client().get("/api/v1/users/eve").text()).doesNotContain("readers");
        assertThat(CONSOLE.client().get("/api/v1/roles/readers").text()).doesNotContain("seen/");
    }

    @Test
    void lockWhenHeldTellsWhoHoldsAndWhoWaits() {
        RestClient client = CONSOLE.client();
        client.json("POST", "/api/v1/locks/job", "{\"ttl\":600}").is(201);
        client.begin("POST", "/api/v1/locks/job", "{\"ttl\":600,\"wait_seconds\":600}");
        Awaitility.await()
                .until(() ->
                        client.get("/api/v1/locks/job").json().path("waiting").size() == 1);
        CONSOLE.open("/locks/job").shows("holds").shows("waits, place 1").picture("locks");
        CONSOLE.open("/locks/free").shows("Nobody holds it.");
    }

    @Test
    void fileWhenImportedIsWhatWasExported() {
        CONSOLE.client().put("/api/v1/keys/moved/a", "text").is(200);
        CONSOLE.client()
                .send("PUT", "/api/v1/keys/moved/%FF", new byte[] {0, (byte) 0xff})
                .is(200);
        Tab tab = CONSOLE.open("/keys/moved/").shows("2 keys");
        tab.value("URL.createObjectURL = (blob) => { window.saved = blob; return '#'; }");
        tab.press("Export").press("Save").shows("2 keys were saved to a file.");
        JsonNode file = HttpReply.parse(tab.value("window.saved.text()").asString());
        assertThat(file.path("keys").path(1).path("value").asString()).isEqualTo("AP8=");

        tab.value("window.loaded = import('./transfer.js').then(async m => { const keys = m.parse(await saved.text());"
                + "return keys.map(one => [...one.value]) })");
        assertThat(tab.value("window.loaded").toString()).isEqualTo("[[116,101,120,116],[0,255]]");
        assertThat(tab.value(
                                "import('./transfer.js').then(m => { try { m.parse('{\"keys\":[{}]}') } catch (e) { return e.message } })")
                        .asString())
                .isEqualTo("This is no file with keys that was saved here.");

        CONSOLE.client().delete("/api/v1/keys/moved/a").is(200);
        tab.value("HTMLInputElement.prototype.click = function () { Object.defineProperty(this, 'files',"
                + "{value: [saved]}); this.dispatchEvent(new Event('change')); }");
        tab.press("Import").shows("Write 2 keys?").enter("To go on", "2").click("dialog button.danger");
        tab.shows("1 keys were written, 1 were there already and left.");
        assertThat(stored("moved/a")).isEqualTo("text");
        importedOverAKeyWithALease(tab);
    }

    private static void importedOverAKeyWithALease(Tab tab) {
        String lease = CONSOLE.client()
                .json("POST", "/api/v1/leases", "{\"ttl\":3600}")
                .is(201)
                .json()
                .path("id")
                .asString();
        put("moved/a?lease=" + lease, "leased");
        CONSOLE.client().delete("/api/v1/keys/moved/%FF").is(200);
        tab.press("Import").shows("Write 2 keys?").enter("To go on", "2");
        tab.value("document.querySelector('dialog input[type=checkbox]').checked = true");
        tab.click("dialog button.danger");
        tab.shows("2 keys were written, 0 were there already and left.");
        assertThat(CONSOLE.client()
                        .get("/api/v1/keys/moved/a")
                        .json()
                        .path("lease")
                        .asString())
                .isEqualTo(lease);
        assertThat(stored("moved/a")).isEqualTo("text");
    }

    /** Fields and buttons have names, text has a contrast of 4.5 to 1 at least, bright and dark: WCAG 2.2, level AA. */
    @Test
    void viewsWhenLookedAtAreNamedAndReadable() {
        put("look/a", "x");
        put("look/b/c", "x");
        String lease = "{\"ttl\":900}";
        CONSOLE.client().json("POST", "/api/v1/leases", lease).is(201);
        for (String view : List.of(
                "/key/look/a",
                "/history/look/a",
                "/past/look/",
                "/watch/look/?prefix",
                "/leases",
                "/locks/job",
                "/cluster",
                "/calls",
                "/settings",
                "/access")) {
            for (boolean dark : new boolean[] {false, true}) {
                Tab tab = CONSOLE.open(view).look(1000, 800, dark).until("document.querySelector('h1')");
                assertThat(tab.value(NAMELESS).toString()).as(view).isEqualTo("[]");
                assertThat(tab.value(PALE).toString())
                        .as(view + (dark ? ", dark" : ""))
                        .isEqualTo("[]");
                assertThat(tab.value("document.querySelectorAll('h1').length").asInt())
                        .isOne();
            }
        }
    }

    private static final String NAMELESS = """
            [...document.querySelectorAll('input, select, textarea, button, a')]
                .filter(one => !(one.labels?.length || one.getAttribute('aria-label') || one.textContent?.trim()))
                .map(one => one.outerHTML)
            """;

    /** Relative luminance as WCAG defines it, of a text and of the nearest ground that is not transparent. */
    private static final String PALE = """
            (() => {
              const light = (colour) => {
                const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map(Number)
                    .map((part) => part / 255).map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
              };
              const ground = (node) => {
                const own = getComputedStyle(node).backgroundColor;
                return own === 'rgba(0, 0, 0, 0)' && node.parentElement ? ground(node.parentElement) : own;
              };
              return [...document.body.querySelectorAll('*')]
                  .filter((node) => node.offsetParent && !node.disabled
                      && [...node.childNodes].some((one) => one.nodeType === 3 && one.data.trim()))
                  .filter((node) => {
                    const both = [light(getComputedStyle(node).color), light(ground(node))].sort((a, b) => b - a);
                    return (both[0] + 0.05) / (both[1] + 0.05) < 4.5;
                  }).map((node) => node.outerHTML.slice(0, 100));
            })()
            """;

    /** The parts that compute, without a view. */
    @Test
    void modulesWhenCalledComputeWhatTheyPromise() {
        Tab tab = CONSOLE.open("/keys/");
        assertThat(tab.value("import('./json.js').then(m => m.indented("
                                + Tab.quoted("{\"a\":12345678901234567890,\"b\":[],\"c\":[1,\"{,}\\\"\"],\"d\":{}}")
                                + "))")
                        .asString())
                .isEqualTo(
                        "{\n  \"a\": 12345678901234567890,\n  \"b\": [],\n  \"c\": [\n    1,\n    \"{,}\\\"\"\n  ],\n"
                                + "  \"d\": {}\n}");
        assertThat(tab.value("import('./diff.js').then(m => m.compare(['a','b','c','e'], ['a','c','d','e'])"
                                + ".map(line => line.join('')).join('|'))")
                        .asString())
                .isEqualTo(" a|-b| c|+d| e");
        JsonNode links =
                tab.value("import('./bytes.js').then(m => { const all = Uint8Array.from({length: 256}, (u, i) => i);"
                        + "return [m.equal(m.fromLink(m.toLink(all)), all), m.equal(m.fromHex(m.hex(all)), all),"
                        + "m.equal(m.fromBase64(m.pathBase64(all)), all), m.text(all) === null] })");
        assertThat(links.toString()).isEqualTo("[true,true,true,true]");
        assertThat(tab.value(
                                "import('./events.js').then(m => { const p = new m.EventParser();"
                                        + "return JSON.stringify([...p.take(':\\n\\nevent: put\\nid: 7\\nda'), ...p.take('ta: {\"a\":1}\\n\\n')]) })")
                        .asString())
                .isEqualTo("[{\"name\":\"put\",\"id\":\"7\",\"data\":{\"a\":1}}]");
    }
}
