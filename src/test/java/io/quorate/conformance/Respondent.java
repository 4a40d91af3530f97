package io.quorate.conformance;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** Who answers programs: a server, or a record of what one said. */
interface Respondent extends AutoCloseable {

    Answers run(Program program);

    @Override
    void close();

    /**
     * What one server said to a program.
     *
     * @param base its revision at the beginning
     * @param trees one for each step and a last one for what the watchers saw
     * @param history hash, compacted revision and last revision of what is stored at the end; empty if leases have ids that the
     *     server chose
     */
    record Answers(long base, List<JsonNode> trees, String history) {}
}
