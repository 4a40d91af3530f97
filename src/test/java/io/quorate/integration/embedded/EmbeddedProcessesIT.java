package io.quorate.integration.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.quorate.embedded.EmbeddedQuorate;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Members as processes. */
class EmbeddedProcessesIT {

    @Test
    void clusterWhenOneOfItsProcessesIsKilledGoesOnAndTakesItBack() throws Exception {
        List<ProcessHandle> before = ProcessHandle.current().children().toList();
        try (EmbeddedQuorate quorate =
                        EmbeddedQuorate.builder().members(3).processes().start();
                Jetcd client = new Jetcd(quorate.endpoints().subList(1, 3))) {
            client.put("a", "1");
            quorate.member(1).kill();
            assertThat(quorate.member(1).isRunning()).isFalse();
            client.put("b", "2");
            client.putFor(36_000, "session", "here");
            quorate.member(1).restart();

            quorate.clock().advance(Duration.ofHours(10));

            try (Jetcd returned = new Jetcd(List.of(quorate.member(1).endpoint()))) {
                assertThat(returned.get("a")).containsExactly("1");
                assertThat(returned.get("b")).containsExactly("2");
                assertThat(returned.get("session")).isEmpty();
            }
        }
        assertThat(ProcessHandle.current().children().toList()).isEqualTo(before);
    }

    @Test
    void memberWhenASettingIsBadSaysSo() {
        assertThatIllegalStateException()
                .isThrownBy(() -> EmbeddedQuorate.builder()
                        .processes()
                        .setting("quorate.snapshot-count", "many")
                        .start())
                .withMessageContaining("snapshot-count");
    }
}
