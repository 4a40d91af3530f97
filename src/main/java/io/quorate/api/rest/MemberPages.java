package io.quorate.api.rest;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.quorate.base.Stages;
import io.quorate.proto.AlarmType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * etcd's pages about a member: {@code /health}, {@code /livez}, {@code /readyz}, {@code /version} and {@code /metrics}.
 * Plain functions from a request to a {@link Page}, so that the client port and the management port serve the same.
 *
 * <p>No page blocks its caller except {@code /metrics}, which {@link #isSlow} tells.
 */
public final class MemberPages {

    private final MemberHealth member;
    private final MetricsText metrics;
    private final HealthOutcomes outcomes;
    private final HealthChecks liveness;
    private final HealthChecks readiness;

    public MemberPages(MemberHealth member, MetricsText metrics, HealthOutcomes outcomes) {
        this.member = member;
        this.outcomes = outcomes;
        this.metrics = metrics;
        HealthChecks.Check serializable =
                new HealthChecks.Check("serializable_read", () -> read(member.serializableRead()));
        this.liveness = new HealthChecks("/livez", List.of(serializable), outcomes);
        this.readiness = new HealthChecks(
                "/readyz",
                List.of(
                        new HealthChecks.Check("data_corruption", this::dataCorruption),
                        serializable,
                        new HealthChecks.Check("linearizable_read", () -> read(member.linearizableRead())),
                        new HealthChecks.Check("non_learner", this::nonLearner)),
                outcomes);
    }

    /** Whether there is a page at this path. */
    public boolean serves(String path) {
        return path.equals("/health")
                || path.equals("/version")
                || path.equals("/metrics")
                || liveness.serves(path)
                || readiness.serves(path);
    }

    /** Whether the page takes too long to be rendered on an event loop. */
    public boolean isSlow(String path) {
        return path.equals("/metrics");
    }

    /**
     * Renders a page that {@link #serves(String) exists}.
     *
     * @param query as sent, without the question mark
     */
    public CompletionStage<Page> render(String method, String path, String query) {
        if (!method.equals("GET")) {
            return CompletableFuture.completedFuture(Page.onlyGet());
        }
        Map<String, List<String>> parameters =
                new QueryStringDecoder(query, StandardCharsets.UTF_8, false).parameters();
        return switch (path) {
            case "/health" -> health(parameters);
            case "/version" -> CompletableFuture.completedFuture(version());
            case "/metrics" -> CompletableFuture.completedFuture(metricsPage());
            default -> (liveness.serves(path) ? liveness : readiness).run(path, parameters);
        };
    }

    private Page metricsPage() {
        return new Page(200, Map.of("Content-Type", "text/plain; version=0.0.4; charset=utf-8"), metrics.scrape());
    }

    private Page version() {
        String cluster = member.clusterVersion();
        String storage = member.storageVersion();
        return Page.json("{\"etcdserver\":" + quoted(member.serverVersion())
                + ",\"etcdcluster\":" + quoted(cluster == null ? "not_decided" : cluster)
                + ",\"storage\":" + quoted(storage == null ? "unknown" : storage) + "}");
    }

    /** Alarms first, then the leader, then a read: the first reason found is the one reported. */
    private CompletionStage<Page> health(Map<String, List<String>> parameters) {
        Set<String> excluded = Set.copyOf(parameters.getOrDefault("exclude", List.of()));
        boolean serializable = parameters.getOrDefault("serializable", List.of()).stream()
                .findFirst()
                .filter("true"::equals)
                .isPresent();
        String alarm = alarm(excluded);
        if (alarm != null) {
            return CompletableFuture.completedFuture(health("ALARM " + alarm));
        }
        if (!serializable && !member.leaderKnown()) {
            return CompletableFuture.completedFuture(health("RAFT NO LEADER"));
        }
        return read(serializable ? member.serializableRead() : member.linearizableRead())
                .thenApply(failure -> health(failure.isEmpty() ? "" : "RANGE ERROR:" + failure));
    }

    private @Nullable String alarm(Set<String> excluded) {
        for (AlarmType alarm : member.alarms()) {
            String name = alarm == AlarmType.UNRECOGNIZED || alarm == AlarmType.NONE ? "UNKNOWN" : alarm.name();
            if (!excluded.contains(name)) {
                return name;
            }
        }
        return null;
    }

    private Page health(String reason) {
        outcomes.health(reason.isEmpty());
        String body = "{\"health\":\"" + reason.isEmpty() + "\",\"reason\":" + quoted(reason) + "}";
        return reason.isEmpty() ? Page.text(200, body) : Page.error(503, body);
    }

    private CompletionStage<String> dataCorruption() {
        boolean corrupt = member.alarms().contains(AlarmType.CORRUPT);
        return CompletableFuture.completedFuture(corrupt ? "alarm activated: CORRUPT" : "");
    }

    private CompletionStage<String> nonLearner() {
        return CompletableFuture.completedFuture(member.learner() ? "not supported for learner" : "");
    }

    /** The text of a read's failure, empty when it succeeded. */
    private static CompletionStage<String> read(CompletionStage<?> probe) {
        return probe.handle((value, failure) -> failure == null ? "" : reason(failure));
    }

    private static String reason(Throwable failure) {
        Throwable cause = Stages.causeOf(failure);
        return cause.getMessage() == null || cause.getMessage().isEmpty() ? "failed" : cause.getMessage();
    }

    private static String quoted(String text) {
        ByteSink json = new ByteSink(text.length() + 2);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        WireToJson.escape(bytes, 0, bytes.length, json);
        return new String(json.array(), 0, json.size(), StandardCharsets.UTF_8);
    }

    /** Renders all metrics in Prometheus' text format, version 0.0.4. */
    @FunctionalInterface
    public interface MetricsText {

        /** May take a while; not called on event loops. */
        String scrape();
    }

    /** Learns how the health pages were answered; must be quick. */
    public interface HealthOutcomes {

        /** {@code /health} was answered. */
        void health(boolean healthy);

        /**
         * One check was run.
         *
         * @param type livez or readyz
         */
        void check(String type, String name, boolean healthy);
    }
}
