package io.quorate.integration.auth;

import static io.quorate.integration.auth.SecuredMember.auth;
import static io.quorate.integration.auth.SecuredMember.kv;
import static io.quorate.integration.auth.SecuredMember.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.TestMember;
import io.quorate.proto.AuthStatusRequest;
import io.quorate.proto.AuthUserAddRequest;
import io.quorate.tool.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The commands around a member, where authentication is on or shall be. */
@ExtendWith(OutputCaptureExtension.class)
class AuthInitIT {

    @TempDir
    private Path directory;

    private static int run(String... arguments) {
        return Tool.namedBy(arguments).orElseThrow().run(List.of(arguments));
    }

    private String passwordFile(String name, String password) throws IOException {
        return "--password-file=" + Files.writeString(directory.resolve(name), password);
    }

    @Test
    void authInitWhenDoneTwiceTurnsAuthenticationOnOnceAndOtherCommandsLogIn(CapturedOutput output) throws IOException {
        String right = passwordFile("right", "quote\" and \\ and \u00e4\n");
        String wrong = passwordFile("wrong", "wrong");
        try (TestMember member = TestMember.create(Map.of()).start();
                GrpcConnection grpc = GrpcConnection.to(member)) {
            String endpoints = "--endpoints=" + member.clientUrl();
            // what one that was broken off may have left
            auth(grpc.channel())
                    .userAdd(AuthUserAddRequest.newBuilder()
                            .setName("root")
                            .setPassword("other")
                            .build());
            assertThat(run("auth-init", endpoints, right)).isZero();
            assertThat(auth(grpc.channel())
                            .authStatus(AuthStatusRequest.getDefaultInstance())
                            .getEnabled())
                    .isTrue();
            assertThatThrownBy(() -> kv(grpc.channel()).put(put("k", "v"))).hasMessageContaining("user name is empty");
            assertThat(output.getOut()).contains("auth-init: authentication is on, and root can log in");
            assertThat(run("auth-init", endpoints, right)).isZero();
            assertThat(output.getOut()).contains("auth-init: authentication is on already");
            assertThat(run("auth-init", endpoints, wrong, "--timeout=1s")).isEqualTo(1);
            assertThat(output.getErr()).contains("authentication failed, invalid user ID or password");

            assertThat(run("check", endpoints, right)).isZero();
            assertThat(run("move-leader", endpoints, right)).isZero();
            assertThat(run("retire", endpoints, right, "--set=other", "--size=1"))
                    .isZero();
            assertThat(run("check", endpoints, "--timeout=1s")).isEqualTo(1);
            assertThat(output.getErr()).contains("user name is empty");
            assertThat(run("check", endpoints, wrong, "--timeout=1s")).isEqualTo(1);
            assertThat(output).doesNotContain("quote\"");
        }
    }
}
