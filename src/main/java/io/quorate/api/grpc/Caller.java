package io.quorate.api.grpc;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a call brings along about its caller. The thread that runs a handler knows it ({@link #current}) until the handler
 * returns; work that goes on elsewhere takes it along.
 *
 * @param token of a login or of an outside issuer
 * @param commonName that of the client's certificate, if certificates stand for users
 */
public record Caller(@Nullable String token, @Nullable String commonName) {

    /** A call without credentials; also every call while authentication is off. */
    public static final Caller ANONYMOUS = new Caller(null, null);

    private static final ThreadLocal<Caller> CURRENT = ThreadLocal.withInitial(() -> ANONYMOUS);

    /** The caller that this thread works for. */
    public static Caller current() {
        return CURRENT.get();
    }

    /** Runs something in the name of this caller. */
    public void run(Runnable action) {
        Caller before = CURRENT.get();
        CURRENT.set(this);
        try {
            action.run();
        } finally {
            CURRENT.set(before);
        }
    }

    /** Computes something in the name of this caller. */
    <T> T call(Supplier<T> action) {
        Caller before = CURRENT.get();
        CURRENT.set(this);
        try {
            return action.get();
        } finally {
            CURRENT.set(before);
        }
    }

    /** Leaves the token out: it is as good as a password. */
    @Override
    public String toString() {
        return "caller with " + (token == null ? "no token" : "a token") + " and common name " + commonName;
    }
}
