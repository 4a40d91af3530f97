package io.quorate.integration.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.HttpReply;
import io.quorate.fixture.TestAuthority;
import io.quorate.fixture.TestMember;
import io.quorate.proto.AuthDisableRequest;
import io.quorate.proto.AuthEnableRequest;
import io.quorate.proto.AuthGrpc;
import io.quorate.proto.AuthRoleAddRequest;
import io.quorate.proto.AuthUserAddRequest;
import io.quorate.proto.AuthUserGrantRoleRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates with a common name do not count over JSON, and who shows one there is told so. */
class GatewayRuleIT {

    private static final String REFUSAL =
            "CommonName of client sending a request against gateway will be ignored and not used as expected";

    @TempDir
    private Path files;

    private final TestAuthority authority = new TestAuthority("clients");

    private HttpReply post(
            TestMember member, TestAuthority.Leaf leaf, String path, String body, @Nullable String token) {
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(leaf.context(authority))
                .build()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(member.clientUrl() + path))
                    .header("Accept", "*/*") // else etcd's gateway calls in the name of the server's certificate
                    .POST(HttpRequest.BodyPublishers.ofString(body));
            if (token != null) {
                request.header("Authorization", token);
            }
            HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new HttpReply(answer.statusCode(), Map.of(), answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private GrpcConnection connect(TestMember member, TestAuthority.Leaf leaf) throws IOException {
        return GrpcConnection.to(
                member,
                io.grpc.TlsChannelCredentials.newBuilder()
                        .trustManager(stream(authority.pem()))
                        .keyManager(stream(leaf.certificate()), stream(leaf.key()))
                        .build());
    }

    private static ByteArrayInputStream stream(String pem) {
        return new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void certificateWhenItHasACommonNameIsTurnedAwayWhileAuthenticationIsOn() throws IOException {
        TestAuthority.replace(files.resolve("ca.crt"), authority.pem());
        authority.issue("server", "127.0.0.1").writeTo(files, "server");
        TestAuthority.Leaf root = authority.issue("root");
        TestAuthority.Leaf nameless = authority.issueNameless();
        TestMember created = TestMember.create(Map.of(
                "cert-file", files.resolve("server.crt").toString(),
                "key-file", files.resolve("server.key").toString(),
                "trusted-ca-file", files.resolve("ca.crt").toString(),
                "client-cert-auth", "true"));
        try (TestMember member = created.start();
                GrpcConnection grpc = connect(member, root)) {
            AuthGrpc.AuthBlockingStub auth = AuthGrpc.newBlockingStub(grpc.channel());
            auth.userAdd(AuthUserAddRequest.newBuilder()
                    .setName("root")
                    .setPassword("secret")
                    .build());
            auth.roleAdd(AuthRoleAddRequest.newBuilder().setName("root").build());
            auth.userGrantRole(AuthUserGrantRoleRequest.newBuilder()
                    .setUser("root")
                    .setRole("root")
                    .build());
            String put = "{\"key\":\"YQ==\"}";
            assertThat(post(member, root, "/v3/kv/put", put, null).status()).isEqualTo(200);
            auth.authEnable(AuthEnableRequest.getDefaultInstance());
            HttpReply turnedAway = post(member, root, "/v3/kv/put", put, null);
            assertThat(turnedAway.status()).isEqualTo(400);
            assertThat(turnedAway.body().strip()).isEqualTo(REFUSAL);
            String login = "{\"name\":\"root\",\"password\":\"secret\"}";
            assertThat(post(member, root, "/v3/auth/authenticate", login, null)
                            .body()
                            .strip())
                    .isEqualTo(REFUSAL);
            assertThat(post(member, nameless, "/v3/kv/put", put, null).body()).contains("user name is empty");
            String token = post(member, nameless, "/v3/auth/authenticate", login, null)
                    .json()
                    .get("token")
                    .asString();
            assertThat(post(member, nameless, "/v3/kv/put", put, token).status())
                    .isEqualTo(200);
            auth.authDisable(AuthDisableRequest.getDefaultInstance());
            assertThat(post(member, root, "/v3/kv/put", put, null).status()).isEqualTo(200);
        }
    }
}
