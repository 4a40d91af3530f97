package io.quorate.conformance;

import io.quorate.conformance.LiveServer.ServerEndedException;
import io.quorate.conformance.Respondent.Answers;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/** Runs programs on two respondents at the same time and compares what they say. */
final class Comparison implements AutoCloseable {

    private final Supplier<Pair> pairs;
    private Pair pair;
    private int endings;
    private final Excuses excuses;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** Whether both have always agreed so far; otherwise the revision at the beginning of programs may differ. */
    private boolean agreed;

    /**
     * Two who answer.
     *
     * @param agree whether both begin at the same revision
     */
    record Pair(Respondent reference, Respondent subject, boolean agree) {}

    /** @param pairs gives another pair after the reference has ended itself, which etcd does over some requests */
    Comparison(Supplier<Pair> pairs, Excuses excuses) {
        this.pairs = pairs;
        this.excuses = excuses;
        this.pair = pairs.get();
        this.agreed = pair.agree();
    }

    /** The first difference that no excuse explains. */
    Optional<Difference> run(Program program) {
        Future<Answers> expected = threads.submit(() -> pair.reference().run(program));
        Future<Answers> actual = threads.submit(() -> pair.subject().run(program));
        Answers said;
        try {
            said = get(expected);
        } catch (ServerEndedException e) {
            get(actual);
            renew();
            return Optional.empty();
        }
        Optional<Difference> difference = difference(program, said, get(actual));
        agreed &= difference.isEmpty();
        return difference;
    }

    /** Both, since what went before counts: a compaction of the one would be missing at the other. */
    private void renew() {
        endings++;
        closePair();
        pair = pairs.get();
        agreed = pair.agree();
    }

    private void closePair() {
        pair.reference().close();
        pair.subject().close();
    }

    /** How many programs could not be compared, as the reference ended itself over them. */
    int endings() {
        return endings;
    }

    private Optional<Difference> difference(Program program, Answers expected, Answers actual) {
        if (agreed && expected.base() != actual.base()) {
            return Optional.of(
                    new Difference(program, -1, List.of("revision: " + expected.base() + " | " + actual.base())));
        }
        for (int i = 0; i < expected.trees().size(); i++) {
            JsonNode demanded = i < program.steps().size()
                    ? excuses.wanted(
                            program.steps().get(i).what(), expected.trees().get(i))
                    : expected.trees().get(i);
            List<String> fields = Difference.between(demanded, actual.trees().get(i));
            if (!fields.isEmpty()) {
                return Optional.of(new Difference(program, i, fields));
            }
        }
        if (agreed && !expected.history().equals(actual.history())) {
            return Optional.of(new Difference(
                    program, -1, List.of("stored history: " + expected.history() + " | " + actual.history())));
        }
        return Optional.empty();
    }

    private static Answers get(Future<Answers> answers) {
        try {
            return answers.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ServerEndedException ended) {
                throw ended;
            }
            throw new IllegalStateException("A program could not be run: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while a program runs", e);
        }
    }

    @Override
    public void close() {
        threads.close();
        closePair();
    }
}
