package io.quorate.examples.boot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.options.PutOption;
import io.quorate.embedded.EmbeddedQuorate;
import io.quorate.embedded.spring.EmbeddedQuorateConnection;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

/** The application against an embedded member, whose endpoint it gets in place of that of its properties. */
@SpringBootTest(classes = FlagsApplication.class)
@EmbeddedQuorateConnection(property = "etcd.endpoints")
class FlagsApplicationTests {

    private static final ByteSequence KEY = ByteSequence.from("flags/dark-mode", UTF_8);
    private static final ByteSequence ON = ByteSequence.from("on", UTF_8);

    @Test
    void flagWhenItsLeaseRunsOutIsOff(
            @Autowired Client client, @Autowired Flags flags, @Autowired EmbeddedQuorate quorate) throws Exception {
        long lease = client.getLeaseClient().grant(3600).get().getID();
        client.getKVClient()
                .put(KEY, ON, PutOption.builder().withLeaseId(lease).build())
                .get();
        await().atMost(Duration.ofMinutes(1)).until(() -> flags.isOn("dark-mode"));

        quorate.clock().advance(Duration.ofHours(1));

        await().atMost(Duration.ofMinutes(1)).until(() -> !flags.isOn("dark-mode"));
        assertThat(client.getKVClient().get(KEY).get().getKvs()).isEmpty();
    }
}
