package io.quorate.conformance;

/** Who answers programs: a server, or a record of what one said. */
interface Respondent extends AutoCloseable {

    Answers run(Program program);

    @Override
    void close();
}
