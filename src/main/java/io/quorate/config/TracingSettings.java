package io.quorate.config;

import static io.quorate.config.BadSettingException.check;

import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Spans of calls, for a collector of OpenTelemetry.
 *
 * @param enabled Whether spans are exported.
 * @param to Where the collector takes OTLP over HTTP: scheme, host and port, to which /v1/traces is added. As a flag of etcd it may be host
 *     and port alone, of which 4317, for gRPC, becomes 4318.
 * @param serviceName Name of the service in spans, the same for all members.
 * @param instanceId Name of this member in spans; empty takes quorate.name.
 * @param samplingRate Calls in a million that are exported, of those whose client sends no span of its own (traceparent). Of the others the
 *     client decides.
 */
@ConfigurationProperties("quorate.tracing")
public record TracingSettings(
        @DefaultValue("false") boolean enabled,
        @DefaultValue("http://localhost:4318") URI to,
        @DefaultValue("quorate") String serviceName,
        @DefaultValue("") String instanceId,
        @DefaultValue("0") int samplingRate) {

    private static final String PREFIX = "quorate.tracing.";
    private static final int MILLION = 1_000_000;

    public TracingSettings {
        check(isCollector(to), PREFIX + "to", to, "must be http:// or https:// with host and port, and nothing else");
        check(!serviceName.isBlank(), PREFIX + "service-name", serviceName, "must not be empty");
        check(
                samplingRate >= 0 && samplingRate <= MILLION,
                PREFIX + "sampling-rate",
                samplingRate,
                "must be between 0 and " + MILLION);
    }

    private static boolean isCollector(URI to) {
        return ("http".equals(to.getScheme()) || "https".equals(to.getScheme()))
                && to.getHost() != null
                && to.getUserInfo() == null
                && to.getQuery() == null
                && to.getFragment() == null
                && (to.getPath().isEmpty() || to.getPath().equals("/"));
    }
}
