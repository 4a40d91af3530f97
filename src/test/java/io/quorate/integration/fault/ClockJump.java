package io.quorate.integration.fault;

import io.quorate.fixture.TestMember;
import java.time.Duration;
import java.util.List;

/** The wall clocks of some members jump, and jump back. */
final class ClockJump implements Fault {

    private final Testbed testbed;
    private final List<TestMember> members;
    private final Duration distance;

    ClockJump(Testbed testbed, List<TestMember> members, Duration distance) {
        this.testbed = testbed;
        this.members = members;
        this.distance = distance;
    }

    @Override
    public void begin() {
        set(distance);
    }

    @Override
    public void heal() {
        set(Duration.ZERO);
    }

    private void set(Duration offset) {
        members.forEach(member -> testbed.clock(member).jump(offset));
    }

    @Override
    public String toString() {
        return "wall clock jumps by " + distance + ": " + Fault.names(members);
    }
}
