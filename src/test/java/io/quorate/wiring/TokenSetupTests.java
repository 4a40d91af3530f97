package io.quorate.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.config.AuthSettings;
import io.quorate.config.AuthToken;
import io.quorate.config.BadSettingException;
import io.quorate.fixture.ManualClock;
import io.quorate.identity.NoTokens;
import io.quorate.identity.SigningMethod;
import io.quorate.identity.SimpleTokens;
import io.quorate.identity.Tokens;
import io.quorate.identity.WorkPool;
import io.quorate.tls.FollowedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class TokenSetupTests {

    @TempDir
    private Path directory;

    private final WorkPool pool = new WorkPool("token", 1, 16);

    @AfterEach
    void close() {
        pool.close();
    }

    private TokenSetup setup(String token) {
        return TokenSetup.of(
                new AuthSettings(token, Duration.ofMinutes(5), 10),
                new TokenSetup.Means(
                        pool,
                        Duration.ofSeconds(7),
                        index -> CompletableFuture.completedFuture(null),
                        new ManualClock()));
    }

    private Path key(String name) throws Exception {
        byte[] der = KeyPairGenerator.getInstance("Ed25519")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        return Files.writeString(
                directory.resolve(name),
                "-----BEGIN PRIVATE KEY-----\n" + Base64.getEncoder().encodeToString(der)
                        + "\n-----END PRIVATE KEY-----\n");
    }

    private static String issue(Tokens tokens) {
        return tokens.issue("alice", "", 1, 1).toCompletableFuture().join();
    }

    @Test
    void ofWhenAKindIsConfiguredMakesIt(CapturedOutput log) {
        assertThat(setup("simple,a=b").tokens()).isInstanceOf(SimpleTokens.class);
        assertThat(log).contains("quorate.auth.token has options that do not exist: a");
        assertThat(setup("").tokens()).isInstanceOf(NoTokens.class);
    }

    @Test
    void methodsWhenComparedAreThoseThatSettingsKnow() {
        assertThat(Arrays.stream(SigningMethod.values()).map(SigningMethod::algorithm))
                .containsExactlyInAnyOrderElementsOf(AuthToken.METHODS);
    }

    @Test
    void lookWhenTheKeyHasChangedSignsByTheNewOne() throws Exception {
        Path file = key("a.key");
        TokenSetup setup = setup("jwt,sign-method=EdDSA,priv-key=" + file);
        FollowedFiles files = setup.followed().getFirst();
        String before = issue(setup.tokens());
        Files.move(key("b.key"), file, StandardCopyOption.REPLACE_EXISTING);
        files.look();
        files.look();
        assertThat(setup.tokens().find(before).toCompletableFuture().join()).isNull();
        String after = issue(setup.tokens());
        Files.writeString(file, "half a key");
        files.look();
        files.look();
        assertThat(setup.tokens().find(after).toCompletableFuture().join()).isNotNull();
    }

    @Test
    void ofWhenAKeyCannotBeUsedNamesSettingAndFile() throws IOException {
        Path file = Files.writeString(directory.resolve("a.key"), "no key: hunter2");
        assertThatThrownBy(() -> setup("jwt,sign-method=RS256,priv-key=" + file))
                .isInstanceOf(BadSettingException.class)
                .hasMessage("quorate.auth.token = jwt,sign-method=RS256,priv-key=" + file + ": " + file
                        + " holds no private key in PEM");
        Path missing = directory.resolve("none");
        assertThatThrownBy(() -> setup("jwt,sign-method=RS256,pub-key=" + missing))
                .hasMessageEndingWith("cannot read " + missing + ": there is no such file");
        assertThat(setup("jwt,sign-method=HS256,pub-key=" + missing + ",priv-key=" + file)
                        .tokens()
                        .canIssue())
                .isTrue();
    }
}
