package io.quorate.integration.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.fixture.MemberExtension;
import io.quorate.fixture.TestMember;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The OpenAPI documents say what there is. */
class OpenApiIT {

    @RegisterExtension
    static final MemberExtension MEMBER = new MemberExtension();

    private static void assertComplete(JsonNode document) {
        assertThat(document.path("openapi").asString()).isEqualTo("3.1.0");
        List<String> references = new ArrayList<>();
        document.findValues("$ref").forEach(reference -> references.add(reference.asString()));
        assertThat(references)
                .isNotEmpty()
                .allSatisfy(reference -> assertThat(
                                document.at(reference.substring(1)).isObject())
                        .as(reference)
                        .isTrue());
    }

    @Test
    void documentWhenItsPathsAreCalledIsTrue() {
        try (RestClient client = new RestClient(MEMBER.member().clientUrl())) {
            JsonNode document = client.get("/api/openapi.json").is(200).json();
            assertComplete(document);
            assertThat(document.path("paths").path("/api/v1/keys/{key}").propertyNames())
                    .containsExactlyInAnyOrder("get", "put", "delete");
            int called = 0;
            for (var path : document.path("paths").properties()) {
                assertThat(path.getValue().findValues("summary"))
                        .hasSameSizeAs(path.getValue().propertyNames());
                if (path.getValue()
                                .at("/get/responses/200/content/application~1json")
                                .isMissingNode()
                        || path.getKey().contains("{")) {
                    continue;
                }
                JsonNode content = path.getValue().at("/get/responses/200/content/application~1json/schema");
                JsonNode schema = document.at(content.path("$ref").asString().substring(1));
                JsonNode answer = client.get(path.getKey()).is(200).json();
                assertThat(schema.path("properties").propertyNames()).containsAll(answer.propertyNames());
                called++;
            }
            assertThat(called).isGreaterThan(6);
        }
    }

    @Test
    void examplesWhenRunInTheirOrderAreAnsweredAsTheDocumentSays(@TempDir Path backups) {
        Map<String, String> settings = Map.of("backup.to", backups.toUri().toString(), "backup.interval", "300ms");
        try (TestMember member = TestMember.create(settings).start();
                RestClient nobody = new RestClient(member.clientUrl());
                RestClient client = nobody.with("Authorization", RestUsersIT.basic("root", "roots-secret"))) {
            JsonNode document = client.get("/api/openapi.json").is(200).json();
            String self = client.get("/api/v1/status").json().path("member_id").asString();
            Awaitility.await()
                    .until(() ->
                            client.get("/api/v1/backups").json().path("active").asBoolean());
            OpenApiExamples examples = new OpenApiExamples(document, client).replace("8e9e05c52164694d", self);

            examples.run();

            assertThat(examples.executed()).isEqualTo(examples.operations());
            JsonNode leader =
                    document.path("paths").path("/api/v1/elections/{name}").path("get");
            assertThat(leader.at("/responses/200/content").propertyNames())
                    .containsExactlyInAnyOrder("application/json", "text/event-stream");
            assertThat(document.at("/paths/~1api~1v1~1keys~1{key}/get/responses/200/content")
                            .propertyNames())
                    .containsExactlyInAnyOrder("application/json", "text/plain", "application/octet-stream");
            assertThat(document.at("/paths/~1api~1v1~1keys~1{key}/put/responses")
                            .propertyNames())
                    .contains("200", "201", "400", "401", "403", "404", "412", "413", "507", "default");
        }
    }

    @Test
    void documentOfTheGatewayWhenItsPathsAreCalledIsTrue() {
        try (RestClient client = new RestClient(MEMBER.member().clientUrl())) {
            JsonNode document = client.get("/api/openapi-etcd.json").is(200).json();
            assertComplete(document);
            assertThat(document.path("paths").propertyNames())
                    .contains("/v3/kv/range", "/v3/watch", "/v3/kv/lease/revoke", "/v3/auth/authenticate");
            for (String path : document.path("paths").propertyNames()) {
                client.get(path).is(501); // "Method Not Allowed", where an unknown path is not found
            }
            JsonNode range = document.at("/paths/~1v3~1kv~1range/post/responses");
            JsonNode refused =
                    client.json("POST", "/v3/kv/range", "{\"limit\":1}").is(400).json();
            assertThat(new OpenApiSchema(document)
                            .mistakes(range.at("/default/content/application~1json/schema"), refused, "refusal"))
                    .isEmpty();
        }
    }
}
