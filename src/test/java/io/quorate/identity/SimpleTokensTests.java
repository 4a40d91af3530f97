package io.quorate.identity;

import static io.quorate.fixture.Expected.present;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.base.RequestError;
import io.quorate.fixture.Expected;
import io.quorate.fixture.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimpleTokensTests {

    private static final Duration TTL = Duration.ofSeconds(300);
    private static final Duration TIMEOUT = Duration.ofSeconds(7);
    private static final long APPLIED = 100;

    private final ManualClock clock = new ManualClock();
    private final Map<Long, CompletableFuture<Void>> arrivals = new ConcurrentHashMap<>();
    private final SimpleTokens tokens = new SimpleTokens(TTL, TIMEOUT, this::applied, clock, 32);

    private CompletableFuture<Void> applied(long index) {
        return index <= APPLIED
                ? CompletableFuture.completedFuture(null)
                : arrivals.computeIfAbsent(index, unused -> new CompletableFuture<>());
    }

    @BeforeEach
    void enable() {
        tokens.enable();
    }

    @Test
    void drawWhenAskedGivesSixteenLettersOfWhichNoTwoAreEqual() {
        List<String> drawn =
                IntStream.range(0, 1000).mapToObj(unused -> tokens.draw()).toList();
        assertThat(drawn).doesNotHaveDuplicates().allMatch(letters -> letters.matches("[a-zA-Z]{16}"));
        assertThat(String.join("", drawn).chars().distinct().count()).isEqualTo(52);
    }

    @Test
    void knownWhenALoginWasAppliedGivesItsUser() {
        tokens.loggedIn("alice", "KrXmeetCqvVvTfnA", 17);
        assertThat(tokens.issue("alice", "KrXmeetCqvVvTfnA", 17, 5).toCompletableFuture())
                .isCompletedWithValue("KrXmeetCqvVvTfnA.17");
        assertThat(tokens.known("KrXmeetCqvVvTfnA.17"))
                .isEqualTo(new Identity("alice", 0, List.of(), Identity.Origin.TOKEN));
        assertThat(tokens.known("KrXmeetCqvVvTfnA.18")).isNull();
        assertThat(tokens.known("KrXmeetCqvVvTfnB.17")).isNull();
        assertThat(tokens.known("")).isNull();
    }

    @Test
    void knownWhenATokenIsUsedBeginsItsTimeAnew() {
        tokens.loggedIn("alice", "a", 1);
        tokens.loggedIn("bob", "b", 2);
        for (int i = 0; i < 5; i++) {
            clock.advance(TTL.minusSeconds(1));
            assertThat(tokens.known("a.1")).isNotNull();
            tokens.poll(clock.nanos());
        }
        assertThat(tokens.known("b.2")).isNull();
        clock.advance(TTL.plusSeconds(1));
        assertThat(tokens.known("a.1")).isNull(); // also before the next poll
    }

    @Test
    void findWhenTheTimeOfATokenIsOverKnowsItNoLonger() {
        tokens.loggedIn("alice", "a", 1);
        clock.advance(TTL.plusNanos(1));
        tokens.poll(clock.nanos());
        assertThat(tokens.find("a.1").toCompletableFuture()).isCompletedWithValue(null);
    }

    @Test
    void forgetWhenAUserIsGoneDropsAllOfHisTokensAndNoOthers() {
        tokens.loggedIn("alice", "a", 1);
        tokens.loggedIn("alice", "b", 2);
        tokens.loggedIn("bob", "c", 3);
        tokens.forget("alice");
        assertThat(tokens.known("a.1")).isNull();
        assertThat(tokens.known("b.2")).isNull();
        assertThat(tokens.known("c.3")).isNotNull();
    }

    @Test
    void disableWhenCalledDropsAllAndKeepsNoneUntilEnabled() {
        tokens.loggedIn("alice", "a", 1);
        tokens.disable();
        tokens.loggedIn("alice", "b", 2);
        tokens.enable();
        assertThat(tokens.known("a.1")).isNull();
        assertThat(tokens.known("b.2")).isNull();
    }

    @Test
    void findWhenTheLoginIsNotYetAppliedWaitsForIt() {
        CompletableFuture<@Nullable Identity> found = tokens.find("a.101").toCompletableFuture();
        assertThat(found).isNotDone();
        tokens.loggedIn("alice", "a", 101);
        present(arrivals.get(101L)).complete(null);
        assertThat(found.join().user()).isEqualTo("alice");
    }

    @Test
    void findWhenTheIndexIsAppliedWithoutThatLoginKnowsNobody() {
        CompletableFuture<@Nullable Identity> found = tokens.find("a.101").toCompletableFuture();
        tokens.loggedIn("alice", "b", 101);
        present(arrivals.get(101L)).complete(null);
        assertThat(found).isCompletedWithValue(null);
    }

    @Test
    void findWhenTheIndexNeverComesEndsAfterTheTimeoutAndLetsGo() {
        CompletableFuture<@Nullable Identity> found = tokens.find("a.101").toCompletableFuture();
        clock.advance(TIMEOUT);
        tokens.poll(clock.nanos());
        assertThat(found).isNotDone();
        clock.advance(Duration.ofNanos(1));
        tokens.poll(clock.nanos());
        assertThat(found).isCompletedWithValue(null);
        assertThat(arrivals.get(101L)).isCancelled();
    }

    @Test
    void findWhenTooManyWaitRefusesMore() {
        for (int i = 0; i < SimpleTokens.WAITING_MAX; i++) {
            assertThat(tokens.find("a." + (1000 + i)).toCompletableFuture()).isNotDone();
        }
        CompletableFuture<@Nullable Identity> refused = tokens.find("a.101").toCompletableFuture();
        assertThatThrownBy(refused::join)
                .isInstanceOf(CompletionException.class)
                .extracting(Expected::refusal)
                .isEqualTo(RequestError.TOO_MANY_REQUESTS);
        assertThat(arrivals.get(101L)).isCancelled();
        clock.advance(TIMEOUT.plusSeconds(1));
        tokens.poll(clock.nanos());
        assertThat(tokens.find("a.102").toCompletableFuture()).isNotDone();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "a",
                "a.",
                "a.b",
                "a.1.2",
                "a.-1",
                "a.+1",
                "a. 1",
                "a.1 ",
                "a.99999999999999999999",
                "a.18446744073709551616",
                "a.\u0661"
            })
    void findWhenThereIsNoIndexInATokenAnswersAtOnce(String token) {
        assertThat(tokens.find(token).toCompletableFuture()).isCompletedWithValue(null);
        assertThat(arrivals).isEmpty();
    }

    @Test
    void findWhenATokenIsHugeAnswersAtOnce() {
        assertThat(tokens.find("x".repeat(100 << 10)).toCompletableFuture()).isCompletedWithValue(null);
        assertThat(tokens.find("x".repeat(100 << 10) + ".101").toCompletableFuture())
                .isCompletedWithValue(null);
        assertThat(tokens.find("x." + "9".repeat(100 << 10)).toCompletableFuture())
                .isCompletedWithValue(null);
    }

    @Test
    void loggedInWhenThereAreTooManyDropsThoseThatWereUsedLeastRecently() {
        List<String> others = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            tokens.loggedIn("u" + i, "t", i);
            others.add("t." + i);
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(tokens.known("t.0")).isNotNull(); // used, so that it is among the youngest
        tokens.loggedIn("alice", "a", 99);
        assertThat(tokens.known("a.99")).isNotNull();
        assertThat(tokens.known("t.0")).isNotNull();
        assertThat(tokens.known("t.1")).isNull();
        assertThat(others.stream().filter(token -> tokens.known(token) != null)).hasSizeBetween(28, 31);
    }
}
