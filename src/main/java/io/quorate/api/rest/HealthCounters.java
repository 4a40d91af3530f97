package io.quorate.api.rest;

import io.quorate.base.Metered;
import io.quorate.base.Meters;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts the answers of etcd's {@code /health}, {@code /livez} and {@code /readyz}; callable from any thread. */
public final class HealthCounters implements MemberPages.HealthOutcomes, Metered {

    private final LongAdder successes = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final Map<Check, CheckResults> checks = new ConcurrentHashMap<>();

    private record Check(String type, String name) {}

    private static final class CheckResults {

        private final LongAdder successes = new LongAdder();
        private final LongAdder failures = new LongAdder();
        private volatile boolean healthy;
    }

    @Override
    public void health(boolean healthy) {
        (healthy ? successes : failures).increment();
    }

    @Override
    public void check(String type, String name, boolean healthy) {
        CheckResults results = checks.computeIfAbsent(new Check(type, name), ignored -> new CheckResults());
        (healthy ? results.successes : results.failures).increment();
        results.healthy = healthy;
    }

    @Override
    public void register(Meters meters) {
        meters.counter("etcd_server_health_success", "Health checks that succeeded.", successes::sum);
        meters.counter("etcd_server_health_failures", "Health checks that failed.", failures::sum);
        meters.gauges(
                "etcd_server_healthcheck",
                "1 if a check succeeded when it was last run, 0 if not.",
                points -> checks.forEach((check, results) ->
                        points.add(results.healthy ? 1 : 0, "type", check.type(), "name", check.name())));
        meters.counters(
                "etcd_server_healthchecks_total",
                "Checks run, by their result.",
                points -> checks.forEach((check, results) -> {
                    add(points, check, "success", results.successes);
                    add(points, check, "error", results.failures);
                }));
    }

    private static void add(Meters.Points points, Check check, String status, LongAdder count) {
        points.add(count.sum(), "type", check.type(), "name", check.name(), "status", status);
    }
}
