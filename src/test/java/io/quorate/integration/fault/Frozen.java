package io.quorate.integration.fault;

import io.quorate.fixture.TestMember;
import java.util.List;

/** Members stand still (SIGSTOP), as a machine that is suspended, and then go on. */
final class Frozen implements Fault {

    private final List<TestMember> members;

    Frozen(List<TestMember> members) {
        this.members = members;
    }

    @Override
    public void begin() {
        members.forEach(TestMember::freeze);
    }

    @Override
    public void heal() {
        members.forEach(TestMember::thaw);
    }

    @Override
    public String toString() {
        return "frozen: " + Fault.names(members);
    }
}
