package io.quorate.ops;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusOutputFormat;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusScrapeEndpoint;
import org.springframework.util.MimeTypeUtils;

/**
 * The actuator's {@code prometheus} endpoint with the page that the client port serves too. Like etcd it knows one
 * format: OpenMetrics would rename the counters that do not end in {@code _total}.
 */
@WebEndpoint(id = "prometheus")
public class MetricsEndpoint extends PrometheusScrapeEndpoint {

    private final MetricsPage page;

    public MetricsEndpoint(PrometheusRegistry registry, MetricsPage page) {
        super(registry, new Properties());
        this.page = page;
    }

    @Override
    @ReadOperation(produces = MetricsPage.CONTENT_TYPE)
    public WebEndpointResponse<byte[]> scrape(PrometheusOutputFormat format, @Nullable Set<String> includedNames) {
        byte[] text = includedNames == null ? page.text() : page.text(includedNames::contains);
        return new WebEndpointResponse<>(text, MimeTypeUtils.parseMimeType(MetricsPage.CONTENT_TYPE));
    }
}
