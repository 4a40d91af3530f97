package io.quorate.identity;

import static io.quorate.fixture.Expected.present;
import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.fixture.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CombinedTokensTests {

    private static final Identity OUTSIDE = new Identity("carol", 0, List.of("r"), Identity.Origin.ISSUER);

    private final Tokens own = new SimpleTokens(
            Duration.ofMinutes(5),
            Duration.ofSeconds(7),
            index -> CompletableFuture.completedFuture(null),
            new ManualClock());
    private final Tokens tokens = new CombinedTokens(own, new TokenReader() {
        @Override
        public @Nullable Identity known(String token) {
            return token.equals("outside") || token.equals("a.1") ? OUTSIDE : null;
        }

        @Override
        public CompletionStage<@Nullable Identity> find(String token) {
            return CompletableFuture.completedStage(token.equals("slow") ? OUTSIDE : known(token));
        }
    });

    @Test
    void knownWhenBothKnowATokenGivesThatOfTheLogin() {
        tokens.enable();
        tokens.loggedIn("alice", "a", 1);
        assertThat(present(tokens.known("a.1")).user()).isEqualTo("alice");
        assertThat(tokens.find("a.1").toCompletableFuture().join().user()).isEqualTo("alice");
        tokens.forget("alice");
        assertThat(tokens.known("a.1")).isEqualTo(OUTSIDE);
    }

    @Test
    void findWhenThereWasNoSuchLoginAsksTheIssuer() {
        assertThat(tokens.known("outside")).isEqualTo(OUTSIDE);
        assertThat(tokens.known("slow")).isNull();
        assertThat(tokens.find("slow").toCompletableFuture()).isCompletedWithValue(OUTSIDE);
        assertThat(tokens.find("nobody").toCompletableFuture()).isCompletedWithValue(null);
    }

    @Test
    void findWhenNobodyCanLogInStillKnowsTheIssuers() {
        Tokens withoutLogin = new CombinedTokens(new NoTokens(), tokens);
        assertThat(withoutLogin.known("outside")).isEqualTo(OUTSIDE);
        assertThat(withoutLogin.canIssue()).isFalse();
        assertThat(withoutLogin.issue("alice", "", 1, 1).toCompletableFuture()).isCompletedExceptionally();
    }
}
