package io.quorate.identity;

import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** An empty {@code --auth-token}: no user can log in, and only certificates tell users. */
public class NoTokens implements Tokens {

    @Override
    public String draw() {
        return "";
    }

    @Override
    public void loggedIn(String user, String drawn, long index) {}

    @Override
    public CompletionStage<String> issue(String user, String drawn, long index, long authRevision) {
        return CompletableFuture.failedStage(new RequestException(RequestError.AUTH_FAILED));
    }

    @Override
    public @Nullable Identity known(String token) {
        return null;
    }

    @Override
    public CompletionStage<@Nullable Identity> find(String token) {
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void forget(String user) {}

    @Override
    public void enable() {}

    @Override
    public void disable() {}

    @Override
    public boolean canIssue() {
        return false;
    }
}
