package io.quorate.api.rest;

import io.quorate.api.rest.MemberPages.HealthOutcomes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * A group of named checks at a path, and each check at a path of its own below it.
 *
 * <p>{@code exclude=name} leaves checks out, {@code verbose} lists them; a failure is always listed.
 *
 * @param path where the group is
 * @param checks in the order they are listed
 * @param outcomes receives each check's result
 */
record HealthChecks(String path, List<Check> checks, HealthOutcomes outcomes) {

    /**
     * One check.
     *
     * @param run completes with the reason of a failure, empty when all is well; never exceptionally
     */
    record Check(String name, Supplier<CompletionStage<String>> run) {}

    boolean serves(String wanted) {
        return wanted.equals(path) || checks.stream().anyMatch(check -> wanted.equals(path + "/" + check.name()));
    }

    CompletionStage<Page> run(String wanted, Map<String, List<String>> parameters) {
        Set<String> excluded = Set.copyOf(parameters.getOrDefault("exclude", List.of()));
        boolean verbose = parameters.containsKey("verbose");
        boolean whole = wanted.equals(path);
        List<CompletableFuture<Outcome>> results = new ArrayList<>();
        for (Check check : checks) {
            if (whole && excluded.contains(check.name())) {
                results.add(CompletableFuture.completedFuture(new Outcome(check.name(), "", true)));
            } else if (whole || wanted.equals(path + "/" + check.name())) {
                results.add(check.run()
                        .get()
                        .thenApply(reason -> {
                            outcomes.check(path.substring(1), check.name(), reason.isEmpty());
                            return new Outcome(check.name(), reason, false);
                        })
                        .toCompletableFuture());
            }
        }
        return CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
                .thenApply(done ->
                        page(results.stream().map(CompletableFuture::join).toList(), verbose));
    }

    private record Outcome(String name, String reason, boolean excluded) {

        String line() {
            if (!reason.isEmpty()) {
                return "[-]" + name + " failed: " + reason + "\n";
            }
            return "[+]" + name + (excluded ? " excluded: ok\n" : " ok\n");
        }
    }

    private static Page page(List<Outcome> results, boolean verbose) {
        StringBuilder lines = new StringBuilder();
        results.forEach(outcome -> lines.append(outcome.line()));
        boolean failed = results.stream().anyMatch(outcome -> !outcome.reason().isEmpty());
        if (failed) {
            return Page.error(503, lines.toString().stripTrailing());
        }
        return Page.text(200, verbose ? lines + "ok\n" : "ok\n");
    }
}
