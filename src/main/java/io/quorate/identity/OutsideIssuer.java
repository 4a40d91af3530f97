package io.quorate.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import io.quorate.base.Meters;
import io.quorate.base.MonotonicClock;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.base.Stages;
import io.quorate.base.Throttle;
import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that an issuer outside of the cluster has signed, such as Keycloak or Kubernetes. Its keys are fetched when the first token
 * comes, again when they have become old, and when a token names a key that is not there: an issuer that rotates its keys needs no
 * restart here. That costs at most one request in {@link #FETCH_EVERY}, whatever tokens come.
 *
 * <p>While the issuer cannot be reached, the keys that are known stay in use, however old they are.
 *
 * <p>Keys are fetched on a thread of their own pool and signatures verified on those of the common one, so that a slow issuer holds up
 * nobody whose key is known.
 */
@Slf4j
public final class OutsideIssuer implements TokenReader {

    /** The shortest time between two requests for keys. */
    static final Duration FETCH_EVERY = Duration.ofSeconds(10);

    /** Calls that may wait for keys at the same time. */
    static final int WAITING_MAX = 1024;

    private static final Duration REPORT_EVERY = Duration.ofMinutes(1);

    /** Keys with what was verified by them. */
    private static final class Known {

        private final String document;
        private final IssuerKeys keys;
        private final VerifiedTokens verified = new VerifiedTokens();

        Known(String document) throws UnusableKeyException {
            this.document = document;
            this.keys = IssuerKeys.parse(document);
        }
    }

    private final IssuerClaims claims;
    private final KeySource source;
    private final long refreshNanos;
    private final WorkPool verifying;
    private final WorkPool fetching;
    private final InstantSource time;
    private final MonotonicClock clock;
    private final Throttle reports;
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder fetches = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private volatile @Nullable Known known;
    private volatile long fetchedNanos;
    private volatile boolean tried;
    private @Nullable CompletableFuture<Void> underWay; // guarded by this

    /** The pools, and the clocks. */
    public record Means(WorkPool verifying, WorkPool fetching, InstantSource time, MonotonicClock clock) {}

    /** @param refresh the age at which keys are fetched anew */
    public OutsideIssuer(IssuerRules rules, KeySource source, Duration refresh, Means means) {
        this.claims = new IssuerClaims(rules);
        this.source = source;
        this.refreshNanos = refresh.toNanos();
        this.verifying = means.verifying();
        this.fetching = means.fetching();
        this.time = means.time();
        this.clock = means.clock();
        this.reports = new Throttle(REPORT_EVERY, clock);
    }

    /** Registers how often keys were fetched. */
    public void register(Meters meters) {
        meters.counter(
                "quorate_auth_issuer_fetches_total", "Requests for the keys of the outside issuer.", fetches::sum);
        meters.counter(
                "quorate_auth_issuer_fetch_failures_total",
                "Requests for the keys of the outside issuer that brought none.",
                failures::sum);
    }

    @Override
    public @Nullable Identity known(String token) {
        Known now = known;
        return now == null ? null : now.verified.get(token, time.millis());
    }

    @Override
    public CompletionStage<@Nullable Identity> find(String token) {
        if (!isShaped(token)) {
            return CompletableFuture.completedStage(null);
        }
        Known now = known;
        if (now == null) {
            return fetchFor(token, null);
        }
        if (clock.nanos() - fetchedNanos > refreshNanos) {
            Stages.watch("the request for keys of the issuer", fetch()); // nobody waits: those of before serve
        }
        return verifying
                .run(() -> verify(now, token))
                .thenCompose(outcome -> outcome.unknownKey()
                        ? fetchFor(token, now)
                        : CompletableFuture.<@Nullable Identity>completedStage(outcome.identity()));
    }

    /** Three parts, of a size that a token can have: most of what is no token of this kind costs nothing. */
    private static boolean isShaped(String token) {
        int first = token.indexOf('.');
        int second = token.indexOf('.', first + 1);
        return token.length() <= VerifiedTokens.TOKEN_CHARS_MAX
                && first > 0
                && second > first + 1
                && second < token.length() - 1
                && token.indexOf('.', second + 1) < 0;
    }

    private CompletionStage<@Nullable Identity> fetchFor(String token, @Nullable Known seen) {
        if (waiting.incrementAndGet() > WAITING_MAX) {
            waiting.decrementAndGet();
            return CompletableFuture.failedStage(new RequestException(RequestError.TOO_MANY_REQUESTS));
        }
        return fetch().whenComplete((_, failure) -> waiting.decrementAndGet()).thenCompose(_ -> {
            Known now = known;
            return now == null || now == seen
                    ? CompletableFuture.<@Nullable Identity>completedStage(null)
                    : verifying.run(() -> verify(now, token)).<@Nullable Identity>thenApply(Outcome::identity);
        });
    }

    /** @param unknownKey whether the token names a key that is not there */
    private record Outcome(@Nullable Identity identity, boolean unknownKey) {

        static final Outcome WRONG = new Outcome(null, false);
        static final Outcome UNKNOWN_KEY = new Outcome(null, true);
    }

    private Outcome verify(Known now, String token) {
        long millis = time.millis();
        Identity before = now.verified.get(token, millis);
        if (before != null) {
            return new Outcome(before, false);
        }
        try {
            JWSObject parsed = JWSObject.parse(token);
            JWSHeader header = parsed.getHeader();
            if (!now.keys.hasKeyOf(header)) {
                return Outcome.UNKNOWN_KEY;
            }
            for (JWSVerifier verifier : now.keys.verifiers(header)) {
                if (parsed.verify(verifier)) {
                    return accept(
                            now, token, JWTClaimsSet.parse(parsed.getPayload().toString()), millis);
                }
            }
            return Outcome.WRONG;
        } catch (ParseException | JOSEException | IllegalArgumentException wrong) {
            return Outcome.WRONG;
        }
    }

    private Outcome accept(Known now, String token, JWTClaimsSet said, long millis) {
        Identity identity = claims.identity(said, millis);
        if (identity == null) {
            return Outcome.WRONG;
        }
        now.verified.put(token, identity, claims.endMillis(said));
        return new Outcome(identity, false);
    }

    /** Fetches the keys unless that was done a moment ago. Callers share one request. It never fails: what came is in {@link #known}. */
    private synchronized CompletionStage<Void> fetch() {
        CompletableFuture<Void> current = underWay;
        if (current != null) {
            return current;
        }
        long now = clock.nanos();
        if (tried && now - fetchedNanos < FETCH_EVERY.toNanos()) {
            return CompletableFuture.completedStage(null);
        }
        tried = true;
        fetchedNanos = now;
        fetches.increment();
        CompletableFuture<Void> started = new CompletableFuture<>();
        underWay = started;
        Stages.whenDone("the request for keys of the issuer", fetching.run(this::fetchNow), (_, failure) -> {
            synchronized (this) {
                underWay = null;
            }
            started.complete(null);
        });
        return started;
    }

    private @Nullable Void fetchNow() {
        try {
            String document = source.fetch();
            Known before = known;
            if (before == null || !before.document.equals(document)) {
                known = new Known(document);
                log.info("the keys of the outside issuer are in use as it publishes them now");
            }
        } catch (IOException | UnusableKeyException e) {
            failures.increment();
            report(e);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        return null;
    }

    private void report(Exception failure) {
        long more = reports.admit();
        if (more != Throttle.HELD_BACK) {
            log.warn(
                    "the keys of the outside issuer cannot be had, {}: {}{}",
                    known == null ? "so none of its tokens is known" : "those of before stay in use",
                    failure.getMessage(),
                    Throttle.more(more));
        }
    }
}
