package io.quorate.integration.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quorate.fixture.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The picture of the console in README.md, light and dark; {@code -Ddocs.rewrite=true} takes the ones of this run into docs/images. */
@Tag("long")
class ConsolePicturesIT {

    private static final int BYTES_MAX = 150_000;
    private static final int WIDTH = 1280;
    private static final int HEIGHT = 600;
    private static final List<String> SHOPS = List.of("berlin", "lisbon", "oslo", "vienna");

    @TempDir
    private Path directory;

    @Test
    void pictureWhenTakenIsOfKeysInAClusterOfThree() throws IOException {
        assumeTrue(Browser.isInstalled(), "no Chromium here");
        try (TestCluster cluster = new TestCluster(3, Map.of("console.writable", "true")).start();
                RestClient client = new RestClient(cluster.leader().clientUrl());
                Browser browser = new Browser(directory)) {
            fill(client);
            Tab tab = browser.open().look(WIDTH, HEIGHT, false);
            tab.go(cluster.leader().clientUrl() + "/console/#/keys/shop/");
            tab.press("berlin/").shows("prices").click("a.leaf[data-key*='berlin/settings']");
            tab.until("document.querySelector('.detail textarea')?.value.includes('opening')");
            tab.value("document.activeElement.blur()");
            tab.picture("readme").look(WIDTH, HEIGHT, true).picture("readme-dark");
        }
        keep("readme", "console");
        keep("readme-dark", "console-dark");
    }

    private static void fill(RestClient client) {
        for (String shop : SHOPS) {
            put(client, shop + "/prices/apples", "3.20");
            put(client, shop + "/prices/pears", "3.90");
            put(client, shop + "/stock/apples", "120");
            put(client, shop + "/leader", "till-2");
            put(client, shop + "/settings", "{\"opening\":\"08:00\",\"closing\":\"20:00\"}");
            put(client, shop + "/settings", """
                    {"opening":"07:30","closing":"20:00","tills":["till-1","till-2"],"discount":{"from":"19:30","percent":15}}""");
        }
    }

    private static void put(RestClient client, String key, String value) {
        client.put("/api/v1/keys/shop/" + key, value).is(200);
    }

    private static void keep(String taken, String name) throws IOException {
        Path picture = Path.of("target", "console-" + taken + ".png");
        assertThat(Files.size(picture)).isLessThan(BYTES_MAX);
        if (Boolean.getBoolean("docs.rewrite")) {
            Files.copy(picture, Path.of("docs/images", name + ".png"), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
