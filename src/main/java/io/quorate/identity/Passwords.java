package io.quorate.identity;

import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.bcrypt.BCrypt;

/**
 * Passwords by bcrypt, in the form that etcd stores: {@code $2a$10$} and 53 characters. It takes long on purpose, so it runs
 * in a pool of its own. What waits there is at most 72 bytes for each password, which are wiped afterwards. Any thread.
 */
public final class Passwords {

    /** What bcrypt takes into account; a longer password cannot be hashed. */
    public static final int BYTES_MAX = 72;

    /** A salt and a digest that no password is known for. */
    private static final String NOBODY = "$2a$%02d$0mBSQ7xVYeeNCPKqJwOa4u7dJdvjKGXgS5UFcLZ2fQi9TnEy1rHkW";

    /** Compares a password with a hash, in as much time as the hash has rounds. */
    interface Comparison {
        boolean matches(byte[] password, String hash);
    }

    private final WorkPool pool;
    private final int cost;
    private final Comparison comparison;
    private final SecureRandom random = new SecureRandom();
    private final String nobody;

    /** @param cost binary logarithm of the rounds of new hashes, 4 to 31 */
    public Passwords(WorkPool pool, int cost) {
        this(pool, cost, BCrypt::checkpw);
    }

    Passwords(WorkPool pool, int cost, Comparison comparison) {
        this.comparison = comparison;
        this.pool = pool;
        this.cost = cost;
        this.nobody = String.format(Locale.ROOT, NOBODY, cost);
    }

    /**
     * The hash of a new password.
     *
     * @return a stage of a {@link RequestException} if the password is longer than {@link #BYTES_MAX}, or too many passwords wait
     */
    public CompletionStage<String> hash(String password) {
        try {
            requireHashable(password);
        } catch (RequestException e) {
            return CompletableFuture.failedStage(e);
        }
        byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
        return wiping(bytes, () -> BCrypt.hashpw(bytes, BCrypt.gensalt("$2a", cost, random)));
    }

    /**
     * Refuses what cannot be hashed.
     *
     * @throws RequestException if the password is longer than {@link #BYTES_MAX}
     */
    public static void requireHashable(String password) {
        if (password.length() > BYTES_MAX || password.getBytes(StandardCharsets.UTF_8).length > BYTES_MAX) {
            throw new RequestException(RequestError.PASSWORD_TOO_LONG);
        }
    }

    /**
     * Whether a password is the one that was hashed.
     *
     * @param hash null for an unknown user, or one without a password: that takes as long, and the answer is false
     * @return a stage of a {@link RequestException} if too many passwords wait
     */
    public CompletionStage<Boolean> matches(String password, @Nullable String hash) {
        byte[] bytes = significant(password);
        return wiping(bytes, () -> isHashed(bytes, hash));
    }

    private boolean isHashed(byte[] password, @Nullable String hash) {
        if (hash == null) {
            comparison.matches(password, nobody);
            return false;
        }
        try {
            return comparison.matches(password, hash);
        } catch (IllegalArgumentException noHash) { // nobody has such a password
            comparison.matches(password, nobody);
            return false;
        }
    }

    /** What of a password bcrypt looks at, however long it is; one character more, as the cut may go through a pair. */
    private static byte[] significant(String password) {
        byte[] bytes = password.substring(0, Math.min(password.length(), BYTES_MAX + 1))
                .getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= BYTES_MAX) {
            return bytes;
        }
        byte[] head = Arrays.copyOf(bytes, BYTES_MAX);
        Arrays.fill(bytes, (byte) 0);
        return head;
    }

    private <T> CompletionStage<T> wiping(byte[] bytes, Supplier<T> job) {
        return pool.<T>run(job).whenComplete((_, _) -> Arrays.fill(bytes, (byte) 0));
    }
}
