package io.quorate.integration.fault;

import io.quorate.fixture.TestMember;
import io.quorate.integration.fault.LeaderCut.Direction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** The kinds of faults, and how a random one of each is made. */
enum FaultKind {
    LEADER_CUT_OFF((testbed, random) -> new LeaderCut(testbed, Direction.BOTH)),
    LEADER_NOT_HEARD((testbed, random) -> new LeaderCut(testbed, Direction.TO_OTHERS)),
    LEADER_DEAF((testbed, random) -> new LeaderCut(testbed, Direction.FROM_OTHERS)),
    MAJORITY_RING(MajorityRing::new),
    LEADER_FROZEN((testbed, random) -> new Frozen(List.of(testbed.cluster().leader()))),
    ANY_FROZEN((testbed, random) -> new Frozen(some(testbed, random))),
    ALL_FROZEN((testbed, random) -> new Frozen(testbed.members())),
    LEADER_KILLED((testbed, random) -> new Killed(List.of(testbed.cluster().leader()))),
    ANY_KILLED((testbed, random) -> new Killed(some(testbed, random))),
    ALL_KILLED((testbed, random) -> new Killed(testbed.members())),
    CLOCK_JUMP((testbed, random) -> new ClockJump(testbed, some(testbed, random), distance(random))),
    DISK_FULL((testbed, random) -> new FullDisk(testbed, any(testbed, random))),
    BYTE_FLIPPED((testbed, random) -> new FlippedByte(testbed, any(testbed, random), random));

    private static final long SHORTEST_JUMP_SECONDS = 5;
    private static final long LONGEST_JUMP_SECONDS = 100_000;

    /** Makes a fault. */
    private interface Maker {

        Fault make(Testbed testbed, Random random);
    }

    private final Maker maker;

    FaultKind(Maker maker) {
        this.maker = maker;
    }

    /** A fault of this kind; whom it hits, chance decides. The cluster is healthy. */
    Fault on(Testbed testbed, Random random) {
        return maker.make(testbed, random);
    }

    /** Whether this machine has what it takes. */
    boolean isPossible() {
        return this != CLOCK_JUMP || WallClock.isAvailable();
    }

    private static TestMember any(Testbed testbed, Random random) {
        return testbed.members().get(random.nextInt(testbed.members().size()));
    }

    /** At least one, and not all. */
    private static List<TestMember> some(Testbed testbed, Random random) {
        List<TestMember> members = new ArrayList<>(testbed.members());
        Collections.shuffle(members, random);
        return List.copyOf(members.subList(0, 1 + random.nextInt(members.size() - 1)));
    }

    private static Duration distance(Random random) {
        Duration ahead = Duration.ofSeconds(random.nextLong(SHORTEST_JUMP_SECONDS, LONGEST_JUMP_SECONDS));
        return random.nextBoolean() ? ahead : ahead.negated();
    }
}
