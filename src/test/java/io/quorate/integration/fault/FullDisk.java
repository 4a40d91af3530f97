package io.quorate.integration.fault;

import io.quorate.fixture.TestMember;

/** A member's disk is full, until somebody makes room; if the member has ended because of that, it starts again. */
final class FullDisk implements Fault {

    private final Testbed testbed;
    private final TestMember member;
    private boolean ended;

    FullDisk(Testbed testbed, TestMember member) {
        this.testbed = testbed;
        this.member = member;
    }

    @Override
    public void begin() {
        testbed.disk(member).fill();
    }

    @Override
    public void heal() {
        testbed.disk(member).free();
        ended = !member.isAlive();
        if (ended) {
            member.launch();
        }
    }

    @Override
    public String toString() {
        return "disk full: " + member.name() + (ended ? ", which stopped itself" : "");
    }
}
