package io.quorate.integration.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** How fast the console opens a prefix with 100,000 children, for docs/console.md: times are printed, what is loaded is checked. */
@Tag("long")
class ConsoleSpeedIT {

    private static final int CHILDREN = 100_000;
    private static final int AT_ONCE = 100;
    private static final int OPENINGS = 11;

    @RegisterExtension
    static final ConsoleExtension CONSOLE = new ConsoleExtension(Map.of("console.writable", "true"));

    private static void fill(String end) {
        for (int i = 0; i < CHILDREN; i += AT_ONCE) {
            StringBuilder puts = new StringBuilder();
            for (int j = i; j < i + AT_ONCE; j++) {
                puts.append(puts.isEmpty() ? "" : ",")
                        .append("{\"put\":{\"key\":\"many%s/%06d%s\",\"value\":\"x\"}}".formatted(end, j, end));
            }
            CONSOLE.client()
                    .json("POST", "/api/v1/txn", "{\"success\":[" + puts + "]}")
                    .is(200);
        }
    }

    /** Milliseconds from the change of the address to the first frame that has the level, and what was asked for meanwhile. */
    private static JsonNode opened(Tab tab, String prefix, String node) {
        tab.value("location.hash = '#/leases'");
        tab.until("document.querySelector('h1')?.innerText === 'Leases'");
        return tab.value("""
                new Promise((done) => {
                  performance.clearResourceTimings();
                  const begin = performance.now();
                  const look = () => {
                    const shown = document.querySelectorAll('SELECTOR').length;
                    if (shown < 100) {
                      requestAnimationFrame(look);
                      return;
                    }
                    requestAnimationFrame(() => {
                      const calls = performance.getEntriesByType('resource').filter((one) => one.name.includes('/api/v1/tree/'));
                      done({ millis: performance.now() - begin, shown, calls: calls.length, bytes: calls[0].encodedBodySize });
                    });
                  };
                  requestAnimationFrame(look);
                  location.hash = '#/keys/PREFIX';
                })
                """.replace("PREFIX", prefix).replace("SELECTOR", node));
    }

    @Test
    void levelWhenItHasManyChildrenLoadsWhatItShows() {
        fill("");
        fill("/x");
        Tab tab = CONSOLE.open("/leases");
        double paint = tab.value("performance.getEntriesByName('first-contentful-paint')[0].startTime")
                .asDouble();
        System.out.printf("first paint after %.0f ms%n", paint);
        for (String level : new String[] {"many/ a.leaf", "many/x/ button.branch"}) {
            String[] parts = level.split(" ");
            double[] millis = new double[OPENINGS];
            for (int i = 0; i < OPENINGS; i++) {
                JsonNode opened = opened(tab, parts[0], parts[1]);
                assertThat(opened.path("shown").asInt()).isEqualTo(100);
                assertThat(opened.path("calls").asInt()).isOne();
                assertThat(opened.path("bytes").asInt()).isLessThan(20_000);
                millis[i] = opened.path("millis").asDouble();
            }
            java.util.Arrays.sort(millis);
            System.out.printf(
                    "%s opens within %.0f ms (median of %d, at most %.0f)%n",
                    parts[0], millis[OPENINGS / 2], OPENINGS, millis[OPENINGS - 1]);
        }
    }
}
