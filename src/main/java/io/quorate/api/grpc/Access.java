package io.quorate.api.grpc;

import com.google.protobuf.Message;
import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.stub.StreamObserver;
import io.quorate.api.port.CallLoop;
import io.quorate.apply.Permissions;
import io.quorate.auth.AuthRules;
import io.quorate.auth.AuthStore;
import io.quorate.base.CallTrace;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.base.Stages;
import io.quorate.identity.Identity;
import io.quorate.identity.TokenReader;
import io.quorate.lease.LeaseManager;
import io.quorate.proposal.Proposer;
import io.quorate.proto.InternalRaftRequest;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The caller of a call, and what he may do. Every service asks here: reads are refused here, writes get the name of their user, which
 * the applier looks at (docs/etcd-v3.md, section 2.9). While authentication is off everybody is {@link #NOBODY}.
 */
public final class Access {

    /** No user; what he may do is decided by whether authentication is on. */
    public static final Identity NOBODY = new Identity("", 0, List.of(), Identity.Origin.TOKEN);

    private final AuthStore store;
    private final TokenReader tokens;
    private final LeaseManager leases;
    private final Proposer proposer;

    public Access(AuthStore store, TokenReader tokens, LeaseManager leases, Proposer proposer) {
        this.store = store;
        this.tokens = tokens;
        this.leases = leases;
        this.proposer = proposer;
    }

    /** The rules that are in force now. */
    public AuthRules rules() {
        return store.rules();
    }

    /** What a user may do under the rules that are in force now. */
    Permissions permissions(Identity identity) {
        return new Permissions(store.rules(), identity, leases);
    }

    /**
     * Goes on once the caller that this thread works for is known: here and now if he is already, and later on the
     * same event loop if his token has to be looked at. A call with a bad token is refused.
     */
    void identify(StreamObserver<?> call, Consumer<Identity> handler) {
        identify(Caller.current(), call, handler);
    }

    /** The same for a caller that was taken along. */
    void identify(Caller caller, StreamObserver<?> call, Consumer<Identity> handler) {
        identify(caller, handler, failure -> Answers.fail(call, failure));
    }

    /** The same where a refusal is not the end of a call. */
    public void identify(Caller caller, Consumer<Identity> handler, Consumer<Throwable> refusal) {
        try {
            AuthRules rules = store.rules();
            Identity known = rules.isEnabled() ? known(caller, rules) : NOBODY;
            if (known != null) {
                handler.accept(known);
            } else {
                find(caller, handler, refusal);
            }
        } catch (RuntimeException | Error e) { // whatever it is, the caller gets an answer
            refusal.accept(e);
        }
    }

    /** The identity of a caller; a failed stage if his token is bad. */
    CompletionStage<Identity> identity(Caller caller) {
        CompletableFuture<Identity> result = new CompletableFuture<>();
        identify(caller, result::complete, result::completeExceptionally);
        return result;
    }

    /** The identity of a caller, if no work is needed to tell; null otherwise. */
    @Nullable
    Identity known(Caller caller) {
        AuthRules rules = store.rules();
        return rules.isEnabled() ? known(caller, rules) : NOBODY;
    }

    /** Tells the users of calls, by what is known of them already. */
    public CallRegister.Users users(Callers callers) {
        return new CallRegister.Users() {
            @Override
            public Caller caller(Attributes connection, Metadata headers) {
                return callers.of(connection, headers);
            }

            @Override
            public @Nullable String name(Caller caller) {
                Identity known = Access.this.known(caller);
                return known == null || known.user().isEmpty() ? null : known.user();
            }
        };
    }

    private @Nullable Identity known(Caller caller, AuthRules rules) {
        String token = caller.token();
        if (token != null) {
            Identity found = tokens.known(token);
            return found == null ? null : current(found, rules);
        }
        String name = caller.commonName();
        return name == null ? NOBODY : new Identity(name, rules.revision(), List.of(), Identity.Origin.CERTIFICATE);
    }

    /** The handler goes on in the name of the caller: what it calls asks for him again. */
    private void find(Caller caller, Consumer<Identity> handler, Consumer<Throwable> refusal) {
        Executor loop = CallLoop.current();
        CallTrace trace = CallTrace.current();
        Stages.whenDone(
                "looking at a token",
                tokens.find(Objects.requireNonNull(caller.token())),
                (found, failure) -> loop.execute(() -> {
                    CallTrace before = trace.enter();
                    try {
                        Identity identity = require(found, failure);
                        caller.run(() -> handler.accept(identity));
                    } catch (RuntimeException | Error e) { // whatever it is, the caller gets an answer
                        refusal.accept(e);
                    } finally {
                        before.enter();
                    }
                }));
    }

    private Identity require(@Nullable Identity found, @Nullable Throwable failure) {
        if (failure != null) {
            throw new CompletionException(Stages.causeOf(failure));
        }
        if (found == null) {
            throw new RequestException(RequestError.INVALID_AUTH_TOKEN);
        }
        return current(found, store.rules());
    }

    private static Identity current(Identity found, AuthRules rules) {
        return found.revision() != 0
                ? found
                : new Identity(found.user(), rules.revision(), found.roles(), found.origin());
    }

    /** Proposes a request in the name of the caller, and answers with what comes of it. */
    void propose(InternalRaftRequest.Builder request, StreamObserver<? extends Message> call) {
        identify(call, identity -> Answers.send(proposer.propose(signed(request, identity)), call));
    }

    /** Puts the name of a user into a request. */
    static InternalRaftRequest.Builder signed(InternalRaftRequest.Builder request, Identity identity) {
        if (identity.revision() != 0) {
            request.getHeaderBuilder()
                    .setUsername(identity.user())
                    .setAuthRevision(identity.revision())
                    .addAllRoles(identity.roles());
        }
        return request;
    }

    /**
     * Lets only users with the role root go on, whose request fits into the log. That is looked at first, as in etcd.
     *
     * @param request what will be proposed, as large as it will be
     */
    void admin(InternalRaftRequest.Builder request, StreamObserver<?> call, Runnable handler) {
        identify(call, identity -> {
            proposer.requireFitting(signed(request, identity).build());
            store.rules().requireAdmin(identity);
            handler.run();
        });
    }

    /** Lets only users with the role root go on. */
    void admin(StreamObserver<?> call, Runnable handler) {
        identify(call, identity -> {
            store.rules().requireAdmin(identity);
            handler.run();
        });
    }

    /** Lets only users go on, whatever their roles. */
    void user(StreamObserver<?> call, Runnable handler) {
        identify(call, identity -> {
            store.rules().requireUser(identity);
            handler.run();
        });
    }

    /**
     * Reads in the name of a user.
     *
     * @param check throws if the user may not
     * @param read what is read; its result is thrown away if the rules changed meanwhile
     */
    <T> T read(Identity identity, Consumer<Permissions> check, Supplier<T> read) {
        check.accept(permissions(identity));
        T result = read.get();
        store.rules().requireCurrent(identity);
        return result;
    }
}
