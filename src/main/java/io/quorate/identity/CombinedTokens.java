package io.quorate.identity;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Tokens of etcd's kind, and behind them those of an outside issuer: what the first does not know, the second is asked for. */
public final class CombinedTokens implements Tokens {

    private final Tokens own;
    private final TokenReader others;

    public CombinedTokens(Tokens own, TokenReader others) {
        this.own = own;
        this.others = others;
    }

    @Override
    public @Nullable Identity known(String token) {
        Identity identity = own.known(token);
        return identity != null ? identity : others.known(token);
    }

    @Override
    public CompletionStage<@Nullable Identity> find(String token) {
        return own.find(token)
                .thenCompose(identity -> identity == null
                        ? others.find(token)
                        : CompletableFuture.<@Nullable Identity>completedStage(identity));
    }

    @Override
    public String draw() {
        return own.draw();
    }

    @Override
    public void loggedIn(String user, String drawn, long index) {
        own.loggedIn(user, drawn, index);
    }

    @Override
    public CompletionStage<String> issue(String user, String drawn, long index, long authRevision) {
        return own.issue(user, drawn, index, authRevision);
    }

    @Override
    public void forget(String user) {
        own.forget(user);
    }

    @Override
    public void enable() {
        own.enable();
    }

    @Override
    public void disable() {
        own.disable();
    }

    @Override
    public boolean canIssue() {
        return own.canIssue();
    }

    @Override
    public void poll(long nowNanos) {
        own.poll(nowNanos);
    }
}
