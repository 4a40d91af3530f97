package io.quorate.api.rest;

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
