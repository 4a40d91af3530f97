package io.quorate.integration.fault;

import io.quorate.fixture.TestMember;
import java.util.List;
import java.util.stream.Collectors;

/** Something that breaks and is mended again. Its text names it and whom it hits. Used by one thread. */
interface Fault {

    /** Breaks it; the cluster is healthy and has a leader. */
    void begin();

    /**
     * Mends it: from now on nothing is broken any more, and every member runs, or starts.
     *
     * @throws AssertionError if what a member did meanwhile was wrong in itself
     */
    void heal();

    /** The names of members, for a text. */
    static String names(List<TestMember> members) {
        return members.stream().map(TestMember::name).collect(Collectors.joining(", "));
    }
}
