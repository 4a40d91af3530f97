package io.quorate.linearizability;

import java.util.Map;

/**
 * What the store says to a command.
 *
 * @param succeeded whether what was expected was there; true for a command that expects nothing
 * @param before the values of the command's keys before it
 */
public record Answer(boolean succeeded, Map<String, Long> before) {}
