package io.quorate.identity;

import io.quorate.base.Meters;
import io.quorate.base.MonotonicClock;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.base.Stages;
import io.quorate.base.Throttle;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongFunction;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * Tokens of the kind {@code simple}: sixteen random letters, a dot, and the index of the login in the log. They are in the memory
 * of every member, because every member applies the login, and die with it. Each use begins their time anew.
 *
 * <p>Example: the login of {@code alice} drew {@code KrXmeetCqvVvTfnA} and became entry 17, so that all members know {@code
 * KrXmeetCqvVvTfnA.17} once they have applied it. A member that is behind waits for entry 17 before it says no.
 *
 * <p>There are at most {@link #TOKENS_MAX}. A login beyond that takes the place of those that would run out soonest.
 */
@Slf4j
public final class SimpleTokens implements Tokens {

    /** Tokens that a member remembers. */
    public static final int TOKENS_MAX = 200_000;

    /** Calls that may wait for an index at the same time. */
    static final int WAITING_MAX = 1024;

    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final int LENGTH = 16;

    /** What stands before the index is no longer than this, or it was never drawn. */
    private static final int DRAWN_MAX = 64;

    /** An index has at most so many digits; of them all fit into a long. */
    private static final int DIGITS_MAX = 18;

    /** A full memory is emptied by this part at once, so that a login costs little on average. */
    private static final int EMPTIED_PART = 16;

    /** The time of a token is moved in steps of this part of it: a store for each call would make processors wait for each other. */
    private static final int RENEWAL_PART = 1000;

    /** So often tokens that ran out are looked for; until then they are known no more, but take memory. */
    private static final long SWEEP_NANOS = Duration.ofSeconds(1).toNanos();

    private static final Duration REPORT_EVERY = Duration.ofMinutes(1);

    private static final class Login {

        private final Identity identity;
        private volatile long endNanos;

        Login(Identity identity, long endNanos) {
            this.identity = identity;
            this.endNanos = endNanos;
        }
    }

    private record Waiting(
            CompletableFuture<@Nullable Identity> answer, CompletableFuture<@Nullable Void> arrival, long endNanos) {}

    private final long ttlNanos;
    private final long timeoutNanos;
    private final LongFunction<? extends CompletionStage<@Nullable Void>> applied;
    private final MonotonicClock clock;
    private final int tokensMax;
    private final Throttle reports;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Login> logins = new ConcurrentHashMap<>();
    private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
    private final AtomicInteger waitingCount = new AtomicInteger();
    private final LongAdder displaced = new LongAdder();
    private volatile boolean enabled;
    private long sweepNanos; // thread timer

    /**
     * @param ttl how long a token lives after its last use
     * @param timeout how long a call waits for the login of its token to be applied here
     * @param applied gives the stage that an index is applied on this member; it is cancelled when nobody waits for it any more
     */
    public SimpleTokens(
            Duration ttl,
            Duration timeout,
            LongFunction<? extends CompletionStage<@Nullable Void>> applied,
            MonotonicClock clock) {
        this(ttl, timeout, applied, clock, TOKENS_MAX);
    }

    SimpleTokens(
            Duration ttl,
            Duration timeout,
            LongFunction<? extends CompletionStage<@Nullable Void>> applied,
            MonotonicClock clock,
            int tokensMax) {
        this.ttlNanos = ttl.toNanos();
        this.timeoutNanos = timeout.toNanos();
        this.applied = applied;
        this.clock = clock;
        this.tokensMax = tokensMax;
        this.reports = new Throttle(REPORT_EVERY, clock);
        this.sweepNanos = clock.nanos();
    }

    /** Registers how many there are and how many had to go too early. */
    public void register(Meters meters) {
        meters.gauge("quorate_auth_tokens", "Tokens of logins that this member remembers.", logins::size);
        meters.counter(
                "quorate_auth_tokens_displaced_total",
                "Tokens dropped before their time because there were too many.",
                displaced::sum);
        meters.gauge(
                "quorate_auth_tokens_waiting",
                "Calls that wait until the login of their token is applied here.",
                waitingCount::get);
    }

    @Override
    public String draw() {
        StringBuilder letters = new StringBuilder(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            letters.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return letters.toString();
    }

    @Override
    public void loggedIn(String user, String drawn, long index) {
        if (!enabled) {
            return;
        }
        if (logins.size() >= tokensMax) {
            makeRoom();
        }
        Identity identity = new Identity(user, 0, List.of(), Identity.Origin.TOKEN);
        logins.put(token(drawn, index), new Login(identity, clock.nanos() + ttlNanos));
    }

    @Override
    public CompletionStage<String> issue(String user, String drawn, long index, long authRevision) {
        return CompletableFuture.completedStage(token(drawn, index));
    }

    private static String token(String drawn, long index) {
        return drawn + "." + index;
    }

    @Override
    public @Nullable Identity known(String token) {
        Login login = logins.get(token);
        if (login == null) {
            return null;
        }
        long now = clock.nanos();
        long left = login.endNanos - now;
        if (left < 0) {
            return null;
        }
        if (ttlNanos - left > ttlNanos / RENEWAL_PART) {
            login.endNanos = now + ttlNanos;
        }
        return login.identity;
    }

    @Override
    public CompletionStage<@Nullable Identity> find(String token) {
        Identity identity = known(token);
        long index = indexOf(token);
        if (identity != null || index < 0 || !enabled) {
            return CompletableFuture.completedStage(identity);
        }
        CompletableFuture<@Nullable Void> arrival = applied.apply(index).toCompletableFuture();
        if (arrival.isDone()) {
            return arrival.thenApply(_ -> known(token)); // an index of the past
        }
        return await(token, arrival);
    }

    private CompletionStage<@Nullable Identity> await(String token, CompletableFuture<@Nullable Void> arrival) {
        if (waitingCount.incrementAndGet() > WAITING_MAX) {
            waitingCount.decrementAndGet();
            arrival.cancel(false);
            return CompletableFuture.failedStage(new RequestException(RequestError.TOO_MANY_REQUESTS));
        }
        CompletableFuture<@Nullable Identity> answer = new CompletableFuture<>();
        Waiting call = new Waiting(answer, arrival, clock.nanos() + timeoutNanos);
        waiting.add(call);
        Stages.whenDone("the wait for a login", arrival, (_, failure) -> {
            if (release(call)) {
                answer.complete(failure == null ? known(token) : null);
            }
        });
        return answer;
    }

    private boolean release(Waiting call) {
        boolean first = waiting.remove(call);
        if (first) {
            waitingCount.decrementAndGet();
        }
        return first;
    }

    /** The index in a token; negative if it has none. */
    private static long indexOf(String token) {
        int dot = token.indexOf('.');
        int digits = token.length() - dot - 1;
        if (dot < 0 || dot > DRAWN_MAX || digits < 1 || digits > DIGITS_MAX) {
            return -1;
        }
        long index = 0;
        for (int i = dot + 1; i < token.length(); i++) {
            int digit = token.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            index = index * 10 + digit;
        }
        return index;
    }

    @Override
    public void forget(String user) {
        logins.values().removeIf(login -> Objects.equals(login.identity.user(), user));
    }

    @Override
    public void enable() {
        enabled = true;
    }

    @Override
    public void disable() {
        enabled = false;
        logins.clear();
    }

    @Override
    public boolean canIssue() {
        return true;
    }

    @Override
    public void poll(long nowNanos) {
        if (nowNanos - sweepNanos >= 0) {
            sweepNanos = nowNanos + SWEEP_NANOS;
            logins.values().removeIf(login -> login.endNanos - nowNanos < 0);
        }
        for (Waiting call : waiting) {
            if (call.endNanos() - nowNanos < 0 && release(call)) {
                call.answer().complete(null);
                call.arrival().cancel(false);
            }
        }
    }

    /** Drops what has run out and the part that would do so next. */
    private void makeRoom() {
        long now = clock.nanos();
        long[] left = logins.values().stream()
                .mapToLong(login -> login.endNanos - now)
                .sorted()
                .toArray();
        long limit = left[Math.min(left.length - 1, left.length / EMPTIED_PART)];
        logins.values().removeIf(login -> login.endNanos - now <= limit);
        long dropped = Arrays.stream(left)
                .filter(nanos -> nanos >= 0 && nanos <= limit)
                .count();
        displaced.add(dropped);
        long more = reports.admit();
        if (more != Throttle.HELD_BACK) {
            log.warn(
                    "{} logins are remembered, which is the most: {} that were used least recently must log in anew{}",
                    tokensMax,
                    dropped,
                    Throttle.more(more));
        }
    }
}
