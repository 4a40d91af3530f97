package io.quorate.integration.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What the console does with many keys at once, with files, and what it tells of calls and settings, in a real browser. */
class ConsoleToolsIT {

    private static final String VALUE = "document.querySelector('.detail textarea')?.value";

    @RegisterExtension
    static final ConsoleExtension CONSOLE =
            new ConsoleExtension(Map.of("console.writable", "true", "warning-unary-request-duration", "1ns"));

    private static void put(String key, String value) {
        CONSOLE.client().put("/api/v1/keys/" + key, value).is(200);
    }

    private static String stored(String key) {
        return CONSOLE.client()
                .get("/api/v1/keys/" + key, "Accept", "text/plain")
                .is(200)
                .text();
    }

    private static void choose(Tab tab, String name) {
        tab.click("input[aria-label='Choose " + name + "']");
    }

    /** What a function of a module of the page returns. */
    private static JsonNode computed(Tab tab, String module, String expression) {
        return tab.value("import('./" + module + "').then(m => " + expression + ")");
    }

    @Test
    void keysWhenChosenAreCountedAndDeletedUnlessTheyWereWritten() {
        for (String key : List.of("many/a", "many/b", "many/c", "many/d/1", "many/d/2")) {
            put(key, "x");
        }
        Tab tab = CONSOLE.open("/keys/many/").shows("5 keys");
        for (String name : List.of("a", "b", "d/")) {
            choose(tab, name);
        }
        tab.press("d/").until("document.querySelectorAll('a.leaf').length === 5");
        choose(tab, "1");
        tab.shows("4 chosen").picture("chosen").press("Delete these").shows("Delete 4 keys?");
        assertThat(tab.value("document.querySelector('dialog .danger').disabled")
                        .asBoolean())
                .isTrue();
        assertThat(tab.value("document.querySelector('dialog .sample').innerText.split('\\n').sort().join()")
                        .asString())
                .isEqualTo("many/a,many/b,many/d/1,many/d/2");
        put("many/b", "written meanwhile");
        tab.enter("To go on", "4").click("dialog button.danger");
        tab.shows("3 keys deleted; 1 left, as they were written meanwhile.").shows("2 keys");
        assertThat(stored("many/b")).isEqualTo("written meanwhile");
        CONSOLE.client().get("/api/v1/keys/many/a").is(404);
        CONSOLE.client().get("/api/v1/keys/many/d/2").is(404);
    }

    @Test
    void keysWhenFoundByTheirValuesAreThoseThatAreShown() {
        put("found/a", "The Needle is here");
        put("found/b", "nothing");
        put("found/c/d", "a needle below");
        CONSOLE.client()
                .send("PUT", "/api/v1/keys/found/e", new byte[] {(byte) 0xff, 'n', 'e', 'e', 'd', 'l', 'e', 0})
                .is(200);
        Tab tab = CONSOLE.open("/keys/found/").shows("4 keys");
        choose(tab, "b");
        tab.click("details.find summary").enter("Values that have", "needle").press("Find");
        tab.shows("2 of the 3 keys that are shown have it.");
        String visible = "[...document.querySelectorAll('a.leaf')].filter(one => one.offsetParent)"
                + ".map(one => one.dataset.key).join()";
        assertThat(tab.value(visible).asString()).isEqualTo("found/a,found/e");
        assertThat(tab.text()).as("what is hidden is not chosen").doesNotContain("1 chosen");
        tab.enter("Values that have", "").press("Find").until(visible + " === 'found/a,found/b,found/e'");
    }

    @Test
    void fileOfCsvWhenImportedIsWhatWasExported() {
        String odd = "say \"hi\",\r\nand =2+2";
        put("csv/a", odd);
        put("csv/b", "=cmd()");
        CONSOLE.client()
                .send("PUT", "/api/v1/keys/csv/%FF", new byte[] {0, (byte) 0xff})
                .is(200);
        Tab tab = CONSOLE.open("/keys/csv/").shows("3 keys");
        tab.value("URL.createObjectURL = (blob) => { window.saved = blob; return '#'; }");
        tab.press("Export").value("document.querySelector('dialog select').value = 'csv'");
        tab.press("Save").shows("3 keys were saved to a file.");
        assertThat(tab.value("window.saved.text()").asString())
                .isEqualTo("key,key_encoding,value,encoding\r\n"
                        + "csv/a,text,\"say \"\"hi\"\",\r\nand =2+2\",text\r\n"
                        + "csv/b,text,PWNtZCgp,base64\r\n"
                        + "Y3N2L/8=,base64,AP8=,base64\r\n");

        CONSOLE.client().delete("/api/v1/keys/csv/?prefix").is(200);
        tab.value("HTMLInputElement.prototype.click = function () { Object.defineProperty(this, 'files',"
                + "{value: [saved]}); this.dispatchEvent(new Event('change')); }");
        tab.press("Import").shows("Write 3 keys?").enter("To go on", "3").click("dialog button.danger");
        tab.shows("3 keys were written");
        assertThat(stored("csv/a")).isEqualTo(odd);
        assertThat(stored("csv/b")).isEqualTo("=cmd()");
        assertThat(CONSOLE.client()
                        .get("/api/v1/keys/csv/%FF", "Accept", "application/octet-stream")
                        .body())
                .containsExactly(0, 0xff);
    }

    @Test
    void fileOfCsvWhenMalformedIsRefused() {
        Tab tab = CONSOLE.open("/keys/");
        for (var each : Map.of(
                        "a,b\n1,2\n", "the first line names no columns key and value",
                        "key,value\na,b,c\n", "row 2: 3 cells under 2 columns",
                        "key,value\na,\"b\n", "a quote is not closed",
                        "", "the first line names no columns key and value")
                .entrySet()) {
            assertThat(computed(
                                    tab,
                                    "transfer.js",
                                    "{ try { m.parse(" + Tab.quoted(each.getKey())
                                            + "); return 'none'; } catch (e) { return e.message; } }")
                            .asString())
                    .contains(each.getValue());
        }
        assertThat(computed(
                                tab,
                                "csv.js",
                                "m.fromCsv('\\ufeffvalue,key\\r\"x\"\"y\",a\\n,b').map(one => [...one.key, '=', ...one.value].join(' ')).join(';')")
                        .asString())
                .isEqualTo("97 = 120 34 121;98 =");
    }

    @Test
    void valueWhenShownAsYamlIsCheckedAndSaved() {
        put("yaml/a", "a: 1\nb:\n  - x\n");
        Tab tab = CONSOLE.open("/key/yaml/a").click("input[value=yaml]").until(VALUE + " === 'a: 1\\nb:\\n  - x\\n'");
        tab.edit("a: 1\nb:\n\t- x\n").shows("Line 3: a tab indents, which YAML does not allow.");
        tab.edit("a: 2\nb:\n  - y\n").until("document.querySelector('.mistake').textContent === ''");
        tab.press("Save").shows("Saved.");
        assertThat(stored("yaml/a")).isEqualTo("a: 2\nb:\n  - y\n");

        put("yaml/b", "{\"a\":12345678901234567890,\"b\":[1,{\"c\":\"x y\",\"d\":\"yes\"},[]],\"e\":{}}");
        tab = CONSOLE.open("/key/yaml/b").click("input[value=yaml]").shows("This is JSON, and is changed as JSON.");
        assertThat(tab.value(VALUE).asString())
                .isEqualTo("a: 12345678901234567890\nb:\n  - 1\n  - c: x y\n    d: \"yes\"\n  - []\ne: {}");
        assertThat(tab.value("document.querySelector('.detail textarea').readOnly")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void yamlWhenItIsMalformedIsToldByItsLine() {
        Tab tab = CONSOLE.open("/keys/");
        Map<String, String> mistakes = Map.of(
                "a:\n    b: 1\n  c: 2\n", "Line 3: indented by 2, as no line above it.",
                "a: 1\nb: 2\na: 3\n", "Line 3: the key a is there twice.",
                "a: [1,\n  2\nb: 3\n", "Line 1: [ is not closed.",
                "a: {b: 1]\n", "Line 1: ] closes nothing.",
                "a: \"x\n  y\n", "Line 1: \" is not closed.",
                "- a: 1\n  a: 2\n", "Line 2: the key a is there twice.");
        mistakes.forEach((text, mistake) -> assertThat(computed(tab, "yaml.js", "m.mistake(" + Tab.quoted(text) + ")")
                        .asString())
                .as(text)
                .isEqualTo(mistake));
        for (String fine : List.of(
                "",
                "just text",
                "# a\n---\na: 1\n---\na: 2\n",
                "a: |\n   x: [\n\tb\n  \nb: >-\n  \"y\nc: 1\n",
                "a:\n- x: 1\n  y: 2\n- x: 3\nb: plain\n  goes on\n   and on\n",
                "a: {b: [1, \"]\"], # }\n  c: 2}\nd: 'it''s'\ne: \"x\n  b: 1\"\n",
                "- - 1\n  - 2\n- - 3\n")) {
            assertThat(computed(tab, "yaml.js", "m.mistake(" + Tab.quoted(fine) + ")")
                            .isNull())
                    .as(fine)
                    .isTrue();
        }
    }

    /** The envelope of a value of Kubernetes has more than kind and version where the content is something else than usual. */
    @Test
    void envelopeOfKubernetesWhenDecodedIsReadable() {
        Tab tab = CONSOLE.open("/keys/");
        String stored = "6b387300" + "0a09" + "0a027631" + "1203506f64" + "1204" + "0a020801" + "1a0167" + "22016a";
        assertThat(tab.value("Promise.all([import('./kubernetes.js'), import('./bytes.js')])"
                                + ".then(([k, b]) => k.decoded(b.fromHex('" + stored + "')))")
                        .asString())
                .isEqualTo("apiVersion: v1\nkind: Pod\ncontentEncoding: g\ncontentType: j\n1:\n  1: 1");
    }

    @Test
    void callsWhenShownAreThoseOfTheMember() {
        put("shown/slow", "x");
        Tab tab = CONSOLE.open("/calls").shows("took more than 0 ms").shows("shown/slow");
        try (EventReader events = CONSOLE.client().events("/api/v1/watch/shown/?prefix")) {
            assertThat(events).isNotNull();
            tab.shows("Watch/Watch").shows("1 stream of 1 client").picture("calls");
        }
        tab.shows("0 streams of 0 clients");
    }

    @Test
    void settingsWhenShownCanBeNarrowedDown() {
        Tab tab = CONSOLE.open("/settings").shows("quorate.console.writable").shows("quorate.snapshot-count");
        tab.enter("Names and values that have", "console.").shows("of ");
        assertThat(tab.text()).doesNotContain("quorate.snapshot-count");
        tab.picture("settings");
    }

    @Test
    void snapshotWhenDownloadedIsAFile(@TempDir Path directory) {
        Tab tab = CONSOLE.open("/cluster").downloads(directory).press("Download a snapshot");
        tab.enter("To go on", "snapshot").click("dialog .main").shows("The browser saves");
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> !files(directory).isEmpty()
                        && files(directory).stream().allMatch(name -> name.matches("snapshot-\\d+\\.db")));
        CONSOLE.client().get("/api/v1/calls/streams").is(200);
    }

    private static List<String> files(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
