package io.quorate.api.rest;

/** Renders all metrics in Prometheus' text format, version 0.0.4. */
@FunctionalInterface
public interface MetricsText {

    /** May take a while; not called on event loops. */
    String scrape();
}
