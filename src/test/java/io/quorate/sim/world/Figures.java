package io.quorate.sim.world;

import java.util.List;

/**
 * What a run amounts to.
 *
 * @param seconds simulated time
 * @param answered operations of clients that were answered
 * @param leaders terms that had a leader
 * @param troubles kinds of trouble that came, by name
 */
public record Figures(double seconds, long answered, int leaders, List<String> troubles) {}
