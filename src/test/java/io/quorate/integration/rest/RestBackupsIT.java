package io.quorate.integration.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.fixture.TestMember;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The REST API about backups, where there are some. */
class RestBackupsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path store;

    private long fullOnes() throws IOException {
        try (Stream<Path> files = Files.walk(store)) {
            return files.filter(file -> file.toString().contains("full"))
                    .filter(Files::isRegularFile)
                    .count();
        }
    }

    private static JsonNode backups(RestClient client) {
        return client.get("/api/v1/backups").is(200).json();
    }

    @Test
    void backupWhenAskedForIsMade() throws IOException {
        Map<String, String> settings = Map.of("backup.to", store.toUri().toString(), "backup.interval", "300ms");
        try (TestMember member = TestMember.create(settings).start();
                RestClient client = new RestClient(member.clientUrl())) {
            assertThat(backups(client).path("enabled").asBoolean()).isTrue();
            long revision = client.put("/api/v1/keys/a", "1")
                    .is(200)
                    .json()
                    .path("mod_revision")
                    .asLong();
            Awaitility.await().atMost(PATIENCE).until(() -> {
                JsonNode state = backups(client);
                return state.path("active").asBoolean()
                        && !state.path("running").asBoolean()
                        && state.path("restorable_revision").asLong() >= revision;
            });
            long before = fullOnes();

            assertThat(client.send("POST", "/api/v1/backups", new byte[0])
                            .is(202)
                            .body())
                    .isEmpty();

            Awaitility.await().atMost(PATIENCE).until(() -> fullOnes() > before);
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> !backups(client).path("running").asBoolean());
            client.put("/api/v1/keys/a", "2").is(200);
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> backups(client).path("restorable_revision").asLong() > revision);
            assertThat(backups(client).path("lag_millis").asLong()).isBetween(0L, PATIENCE.toMillis());
        }
    }
}
