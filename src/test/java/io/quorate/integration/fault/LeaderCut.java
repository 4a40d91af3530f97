package io.quorate.integration.fault;

import io.quorate.fixture.TestMember;
import org.jspecify.annotations.Nullable;

/** The leader loses the others, and they lose it: both, or only one of the two. */
final class LeaderCut implements Fault {

    /** Which packets get lost. */
    enum Direction {
        BOTH("cut off"),
        TO_OTHERS("not heard"),
        FROM_OTHERS("deaf");

        private final String text;

        Direction(String text) {
            this.text = text;
        }
    }

    private final Testbed testbed;
    private final Direction direction;
    private @Nullable TestMember leader;

    LeaderCut(Testbed testbed, Direction direction) {
        this.testbed = testbed;
        this.direction = direction;
    }

    @Override
    public void begin() {
        TestMember cut = testbed.cluster().leader();
        leader = cut;
        for (TestMember other : testbed.others(cut)) {
            if (direction != Direction.FROM_OTHERS) {
                testbed.drop(cut, other);
            }
            if (direction != Direction.TO_OTHERS) {
                testbed.drop(other, cut);
            }
        }
    }

    @Override
    public void heal() {
        testbed.network().healAll();
    }

    @Override
    public String toString() {
        return "leader " + (leader == null ? "" : leader.name() + " ") + direction.text;
    }
}
