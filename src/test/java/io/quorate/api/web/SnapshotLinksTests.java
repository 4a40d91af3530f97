package io.quorate.api.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SnapshotLinksTests {

    private static final long NOW = Long.MAX_VALUE - 5; // the clock may pass its end

    private final SnapshotLinks links = new SnapshotLinks();

    private static RestCaller caller(@Nullable String authorization) {
        return new RestCaller(new InetSocketAddress("127.0.0.1", 1), authorization, null, null, 0);
    }

    @Test
    void linkWhenUsedStandsForItsMakerOnce() {
        String link = links.make(caller("token"), NOW);
        assertThat(link).matches("[0-9a-f]{32}");
        assertThat(links.use(link, caller(null), NOW + SnapshotLinks.VALID.toNanos())
                        .authorization())
                .isEqualTo("token");
        assertThatThrownBy(() -> links.use(link, caller("other"), NOW)).hasMessageContaining("the link was used");
        String nobodys = links.make(caller(null), NOW);
        assertThat(links.use(nobodys, caller("other"), NOW).authorization()).isNull();
    }

    @Test
    void linkWhenOldIsNone() {
        String link = links.make(caller("token"), NOW);
        long late = NOW + SnapshotLinks.VALID.toNanos() + 1;
        assertThatThrownBy(() -> links.use(link, caller(null), late)).isInstanceOf(Problem.class);
    }

    @Test
    void linksWhenTooManyPushOutTheOldest() {
        List<String> made = new ArrayList<>();
        for (int i = 0; i <= SnapshotLinks.LINKS_MAX; i++) {
            made.add(links.make(caller("token" + i), NOW));
        }
        assertThatThrownBy(() -> links.use(made.getFirst(), caller(null), NOW)).isInstanceOf(Problem.class);
        assertThat(links.use(made.get(1), caller(null), NOW).authorization()).isEqualTo("token1");
    }
}
