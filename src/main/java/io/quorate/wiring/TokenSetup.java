package io.quorate.wiring;

import io.quorate.base.Bytes;
import io.quorate.base.Meters;
import io.quorate.base.MonotonicClock;
import io.quorate.config.AuthSettings;
import io.quorate.config.AuthToken;
import io.quorate.identity.JwtTokens;
import io.quorate.identity.NoTokens;
import io.quorate.identity.SigningMethod;
import io.quorate.identity.SimpleTokens;
import io.quorate.identity.TokenKeys;
import io.quorate.identity.Tokens;
import io.quorate.identity.UnusableKeyException;
import io.quorate.identity.WorkPool;
import io.quorate.tls.FollowedFiles;
import io.quorate.tls.UnusableCredentialsException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * Tokens as the settings want them, with the files that they are made of.
 *
 * @param tokens etcd's own kind
 * @param followed files with keys, if there are any
 * @param counts registers what the tokens count
 */
@Slf4j
record TokenSetup(Tokens tokens, List<FollowedFiles> followed, Consumer<Meters> counts) {

    /**
     * What tokens need of the member.
     *
     * @param pool verifies and signs
     * @param timeout how long a call waits for the login of its token
     * @param applied gives the stage that an index is applied
     */
    record Means(
            WorkPool pool,
            Duration timeout,
            LongFunction<CompletableFuture<@Nullable Void>> applied,
            MonotonicClock clock) {}

    /** @throws io.quorate.config.BadSettingException if a key cannot be used */
    static TokenSetup of(AuthSettings settings, Means means) {
        List<String> unknown = AuthToken.unknownOptions(settings.token());
        if (!unknown.isEmpty()) {
            log.warn("quorate.auth.token has options that do not exist: {}", String.join(", ", unknown));
        }
        return switch (settings.kind()) {
            case AuthToken.None _ -> new TokenSetup(new NoTokens(), List.of(), meters -> {});
            case AuthToken.Simple _ -> {
                SimpleTokens simple =
                        new SimpleTokens(settings.tokenTtl(), means.timeout(), means.applied(), means.clock());
                yield new TokenSetup(simple, List.of(), simple::register);
            }
            case AuthToken.Jwt jwt -> signed(settings, jwt, means);
        };
    }

    private static TokenSetup signed(AuthSettings settings, AuthToken.Jwt jwt, Means means) {
        SigningMethod method = SigningMethod.named(jwt.method()).orElseThrow();
        List<Path> files = new ArrayList<>();
        for (String name : List.of(jwt.publicKey(), jwt.privateKey())) {
            if (!name.isEmpty() && !(name.equals(jwt.publicKey()) && method.family() == SigningMethod.Family.SECRET)) {
                files.add(Path.of(name));
            }
        }
        try {
            Map<Path, Bytes> contents = FollowedFiles.read(files);
            JwtTokens tokens =
                    new JwtTokens(keys(method, jwt, contents), jwt.ttl(), means.pool(), InstantSource.system());
            FollowedFiles followed = new FollowedFiles(
                    "keys of tokens", contents, changed -> tokens.use(usable(method, jwt, changed)), means.clock());
            return new TokenSetup(tokens, List.of(followed), meters -> {});
        } catch (UnusableCredentialsException | UnusableKeyException e) {
            throw settings.unusable(String.valueOf(e.getMessage()));
        }
    }

    private static TokenKeys usable(SigningMethod method, AuthToken.Jwt jwt, Map<Path, Bytes> contents)
            throws UnusableCredentialsException {
        try {
            return keys(method, jwt, contents);
        } catch (UnusableKeyException e) {
            throw new UnusableCredentialsException(String.valueOf(e.getMessage()), e);
        }
    }

    private static TokenKeys keys(SigningMethod method, AuthToken.Jwt jwt, Map<Path, Bytes> contents)
            throws UnusableKeyException {
        return TokenKeys.of(method, file(jwt.publicKey(), contents), file(jwt.privateKey(), contents));
    }

    private static TokenKeys.@Nullable File file(String name, Map<Path, Bytes> contents) {
        Bytes content = name.isEmpty() ? null : contents.get(Path.of(name));
        return content == null ? null : new TokenKeys.File(name, content);
    }
}
