package io.quorate.api.grpc;

import com.google.protobuf.Message;
import io.grpc.stub.StreamObserver;
import io.quorate.api.port.CallLoop;
import io.quorate.auth.AuthRules;
import io.quorate.auth.AuthStore;
import io.quorate.auth.User;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.base.Stages;
import io.quorate.identity.Passwords;
import io.quorate.identity.Tokens;
import io.quorate.proposal.LinearizableReader;
import io.quorate.proposal.Proposer;
import io.quorate.proto.AuthenticateRequest;
import io.quorate.proto.InternalAuthenticateRequest;
import io.quorate.proto.InternalRaftRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;

/**
 * What is done with passwords. They are compared and hashed by the member that gets them, in a pool of its own. No line
 * of a log or of the audit trail names a password or a hash, and only hashes enter the Raft log.
 */
@RequiredArgsConstructor
public final class Logins {

    /** What stands for a hash that is yet to be made: sixty characters as base64. */
    static final String AS_LONG_AS_A_HASH = "=".repeat(80);

    private final AuthStore store;
    private final Tokens tokens;
    private final Passwords passwords;
    private final LinearizableReader reader;
    private final Proposer proposer;

    /** Compares the password, then makes all members know of the login. */
    CompletionStage<Message> authenticate(AuthenticateRequest request) {
        return reader.awaitLinearizable().thenCompose(ready -> attempt(request.getName(), request.getPassword()));
    }

    private CompletionStage<Message> attempt(String name, String password) {
        AuthRules rules = store.rules();
        if (!rules.isEnabled()) {
            return CompletableFuture.failedStage(new RequestException(RequestError.AUTH_NOT_ENABLED));
        }
        User user = store.find(name);
        return passwords.matches(password, store.passwordHashOf(name)).thenCompose(matches -> {
            if (!matches) {
                return CompletableFuture.failedStage(new RequestException(refusal(user)));
            }
            return login(name, password, rules.revision());
        });
    }

    private static RequestError refusal(@Nullable User user) {
        return user != null && user.noPassword() ? RequestError.NO_PASSWORD_USER : RequestError.AUTH_FAILED;
    }

    /** A change of users between the comparison and the login makes the comparison worthless; it is made again, as in etcd. */
    private CompletionStage<Message> login(String name, String password, long revision) {
        InternalAuthenticateRequest login = InternalAuthenticateRequest.newBuilder()
                .setName(name)
                .setSimpleToken(tokens.draw())
                .build();
        return proposer.propose(InternalRaftRequest.newBuilder().setAuthenticate(login))
                .thenCompose(response -> store.rules().revision() == revision
                        ? CompletableFuture.completedStage(response)
                        : attempt(name, password));
    }

    /**
     * Hashes a new password and goes on, in the name of the same caller, on the event loop of the call.
     *
     * @param handler takes the hash in the form that goes into the log
     */
    void hashed(String password, StreamObserver<?> call, Consumer<String> handler) {
        Executor loop = CallLoop.current();
        Caller caller = Caller.current();
        Stages.whenDone(
                "hashing a password",
                passwords.hash(password),
                (hash, failure) -> loop.execute(() -> {
                    if (failure != null) {
                        Answers.fail(call, failure);
                    } else {
                        caller.run(() -> handler.accept(
                                Base64.getEncoder().encodeToString(hash.getBytes(StandardCharsets.US_ASCII))));
                    }
                }));
    }
}
