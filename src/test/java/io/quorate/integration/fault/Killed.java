package io.quorate.integration.fault;

import io.quorate.fixture.TestMember;
import java.util.List;

/** Members die (SIGKILL), and start again on what they stored. */
final class Killed implements Fault {

    private final List<TestMember> members;

    Killed(List<TestMember> members) {
        this.members = members;
    }

    @Override
    public void begin() {
        members.forEach(TestMember::kill);
    }

    @Override
    public void heal() {
        members.forEach(TestMember::launch);
    }

    @Override
    public String toString() {
        return "killed: " + Fault.names(members);
    }
}
