package io.quorate.conformance;

import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What one server said to a program.
 *
 * @param base its revision at the beginning
 * @param trees one for each step and a last one for what the watchers saw
 */
record Answers(long base, List<JsonNode> trees) {}
