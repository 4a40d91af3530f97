package io.quorate.proposal;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.node.SteppedNode;
import io.quorate.raft.MessageType;
import io.quorate.raft.Ready.ReadState;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Readers at a follower of three; what the leader confirms is said by the test. */
class LinearizableReaderTests {

    private static final Duration TIMEOUT = Duration.ofSeconds(7);
    private static final int WAITING_MAX = 3;
    private static final long LEADER = 2;
    private final SteppedNode member = new SteppedNode(3).following(LEADER, 2);
    private final ApplyWaiters applied = new ApplyWaiters(10);

    /** Gives the same numbers as the reader's own. */
    private final IdGenerator expected = new IdGenerator(SteppedNode.ID, 0);

    private final LinearizableReader reader = new LinearizableReader(
            member.node,
            applied,
            new IdGenerator(SteppedNode.ID, 0),
            member.clock,
            Runnable::run,
            TIMEOUT,
            WAITING_MAX);

    private static ReadState confirmed(long question, long index) {
        return new ReadState(
                index, ByteBuffer.allocate(Long.BYTES).putLong(question).array());
    }

    private void confirm(long question, long index) {
        reader.readStates(List.of(confirmed(question, index)));
    }

    private static void assertRefused(CompletableFuture<Void> read, RequestError error) {
        assertThat(read).isCompletedExceptionally();
        assertThat(read.exceptionNow())
                .isInstanceOfSatisfying(
                        RequestException.class,
                        refusal -> assertThat(refusal.error()).isEqualTo(error));
    }

    private long questions() {
        member.settle();
        return member.sent.stream()
                .filter(message -> message.type() == MessageType.READ_INDEX)
                .count();
    }

    /** The leader may have taken up the question before the second reader came, and others may have written since. */
    @Test
    void awaitWhenARoundIsAskedAlreadyWaitsForTheNextOne() {
        CompletableFuture<Void> first = reader.awaitLinearizable();
        CompletableFuture<Void> second = reader.awaitLinearizable();
        confirm(expected.next(), 7);
        assertThat(first).isCompleted();
        assertThat(second).isNotDone();

        confirm(expected.next(), 8);
        assertThat(second).isCompleted();
    }

    @Test
    void awaitWhenManyComeDuringARoundAsksOnceForAllOfThem() {
        List<CompletableFuture<Void>> reads = IntStream.range(0, 4)
                .mapToObj(each -> reader.awaitLinearizable())
                .toList();
        assertThat(questions()).isEqualTo(1);
        confirm(expected.next(), 7);
        assertThat(questions()).isEqualTo(2);
        confirm(expected.next(), 7);
        assertThat(reads).allMatch(CompletableFuture::isDone);
        assertThat(questions()).isEqualTo(2);
    }

    @Test
    void awaitWhenTheIndexIsNotAppliedYetWaitsForIt() {
        CompletableFuture<Void> read = reader.awaitLinearizable();
        confirm(expected.next(), 12);
        assertThat(read).isNotDone();
        applied.applied(11);
        assertThat(read).isNotDone();
        applied.applied(12);
        assertThat(read).isCompleted();
    }

    @Test
    void readStatesWhenOfAnotherRoundMeanNothing() {
        CompletableFuture<Void> read = reader.awaitLinearizable();
        confirm(4711, 7);
        assertThat(read).isNotDone();
        assertThat(reader.slowCount()).isEqualTo(1);
    }

    @Test
    void readStatesWhenSeveralComeTakesTheNewest() {
        CompletableFuture<Void> read = reader.awaitLinearizable();
        reader.readStates(List.of(confirmed(4711, 7), confirmed(expected.next(), 8)));
        assertThat(read).isCompleted();
    }

    @Test
    void pollWhenNoAnswerCameAsksAgainAndTakesEitherAnswer() {
        CompletableFuture<Void> read = reader.awaitLinearizable();
        long first = expected.next();
        member.clock.advance(Duration.ofMillis(499));
        reader.poll(member.clock.nanos());
        assertThat(questions()).isEqualTo(1);
        member.clock.advance(Duration.ofMillis(1));
        reader.poll(member.clock.nanos());
        assertThat(questions()).isEqualTo(2);
        assertThat(reader.slowCount()).isEqualTo(1);
        confirm(first, 7);
        assertThat(read).isCompleted();
    }

    @Test
    void pollWhenTheTimeIsUpEndsTheWaitOfThoseAlone() {
        CompletableFuture<Void> early = reader.awaitLinearizable();
        CompletableFuture<Void> nextRound = reader.awaitLinearizable();
        member.clock.advance(Duration.ofSeconds(1));
        CompletableFuture<Void> late = reader.awaitLinearizable();
        member.clock.advance(TIMEOUT.minusSeconds(1));
        reader.poll(member.clock.nanos());
        assertRefused(early, RequestError.TIMEOUT);
        assertRefused(nextRound, RequestError.TIMEOUT);
        assertThat(late).isNotDone();
        assertThat(reader.failedCount()).isEqualTo(2);
        reader.poll(member.clock.nanos());
        assertThat(reader.failedCount()).isEqualTo(2);
    }

    @Test
    void leaderChangedFailsTheRoundAndAsksForThoseWhoCameDuringIt() {
        CompletableFuture<Void> first = reader.awaitLinearizable();
        CompletableFuture<Void> second = reader.awaitLinearizable();
        long stale = expected.next();
        reader.leaderChanged();
        assertRefused(first, RequestError.LEADER_CHANGED);
        assertThat(second).isNotDone();
        confirm(stale, 7);
        assertThat(second).isNotDone();
        confirm(expected.next(), 7);
        assertThat(second).isCompleted();
    }

    @Test
    void firstCommitInTermAsksAgainAtOnce() {
        CompletableFuture<Void> read = reader.awaitLinearizable();
        reader.firstCommitInTerm();
        assertThat(questions()).isEqualTo(2);
        expected.next();
        confirm(expected.next(), 7);
        assertThat(read).isCompleted();
        reader.firstCommitInTerm();
        assertThat(questions()).isEqualTo(2);
    }

    @Test
    void awaitWhenTooManyWaitRefuses() {
        var unused = reader.awaitLinearizable();
        for (int i = 0; i < WAITING_MAX; i++) {
            assertThat(reader.awaitLinearizable()).isNotDone();
        }
        assertRefused(reader.awaitLinearizable(), RequestError.TOO_MANY_REQUESTS);
    }

    @Test
    void awaitWhenTheMemberAsksForItselfIsAdmittedAndAnsweredApartFromClients() {
        List<Runnable> own = new ArrayList<>();
        CompletableFuture<Void> running = reader.awaitLinearizable();
        for (int i = 0; i < WAITING_MAX; i++) {
            CompletableFuture<Void> unused = reader.awaitLinearizable();
        }
        assertRefused(reader.awaitLinearizable(), RequestError.TOO_MANY_REQUESTS);

        CompletableFuture<Void> probe = reader.awaitLinearizable(own::add);
        confirm(expected.next(), 7);
        confirm(expected.next(), 8);

        assertThat(running).isCompleted();
        assertThat(probe).isNotDone();
        own.forEach(Runnable::run);
        assertThat(probe).isCompleted();
    }

    @Test
    void awaitWhenTheInboxIsFullAsksLater() {
        while (member.node.readIndex(new byte[] {1})) {
            // fills it
        }
        CompletableFuture<Void> read = reader.awaitLinearizable();
        assertThat(reader.slowCount()).isEqualTo(1);
        member.settle();
        member.clock.advance(Duration.ofMillis(500));
        reader.poll(member.clock.nanos());
        expected.next();
        confirm(expected.next(), 7);
        assertThat(read).isCompleted();
    }

    @Test
    void closeEndsAllWaitsNowAndLater() {
        CompletableFuture<Void> first = reader.awaitLinearizable();
        CompletableFuture<Void> second = reader.awaitLinearizable();
        reader.close();
        assertRefused(first, RequestError.STOPPED);
        assertRefused(second, RequestError.STOPPED);
        assertRefused(reader.awaitLinearizable(), RequestError.STOPPED);
    }
}
