package io.quorate.integration.fault;

import io.quorate.fixture.TestMember;
import java.time.Duration;

/**
 * A member's disk is full, until somebody makes room. The member may stop itself because of that, and then it starts
 * again; it gets some time to do so, as it only notices when it needs room.
 */
final class FullDisk implements Fault {

    private static final Duration TIME_TO_NOTICE = Duration.ofSeconds(10);

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
        ended = member.endsWithin(TIME_TO_NOTICE);
        testbed.disk(member).free();
        if (ended) {
            member.launch();
        }
    }

    @Override
    public String toString() {
        return "disk full: " + member.name() + (ended ? ", which stopped itself" : "");
    }
}
