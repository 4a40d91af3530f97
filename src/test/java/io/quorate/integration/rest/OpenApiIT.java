package io.quorate.integration.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.fixture.MemberExtension;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
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
                                document.at(reference.substring(1)).path("type").asString(""))
                        .as(reference)
                        .isEqualTo("object"));
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
                if (!path.getValue().has("get") || path.getKey().contains("{")) {
                    continue;
                }
                JsonNode content = path.getValue().at("/get/responses/2XX/content/application~1json/schema");
                JsonNode schema = document.at(content.path("$ref").asString().substring(1));
                JsonNode answer = client.get(path.getKey()).is(200).json();
                assertThat(schema.path("properties").propertyNames()).containsAll(answer.propertyNames());
                called++;
            }
            assertThat(called).isGreaterThan(6);
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
        }
    }
}
