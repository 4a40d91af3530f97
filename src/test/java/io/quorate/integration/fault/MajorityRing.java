package io.quorate.integration.fault;

import io.quorate.fixture.TestMember;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Every member sees a majority, and no two the same one: they sit in a circle and see their neighbours only. Three would
 * all be neighbours, so their circle is open at one place; of five each sees two.
 */
final class MajorityRing implements Fault {

    private static final int SMALLEST_CIRCLE = 5;

    private final Testbed testbed;
    private final List<TestMember> circle;

    MajorityRing(Testbed testbed, Random random) {
        this.testbed = testbed;
        circle = new ArrayList<>(testbed.members());
        Collections.shuffle(circle, random);
    }

    @Override
    public void begin() {
        for (int from = 0; from < circle.size(); from++) {
            for (int to = 0; to < circle.size(); to++) {
                if (from != to && !sees(from, to)) {
                    testbed.drop(circle.get(from), circle.get(to));
                }
            }
        }
    }

    private boolean sees(int one, int other) {
        int distance = Math.abs(one - other);
        boolean closed = circle.size() >= SMALLEST_CIRCLE;
        return distance == 1 || closed && distance == circle.size() - 1;
    }

    @Override
    public void heal() {
        testbed.network().healAll();
    }

    @Override
    public String toString() {
        return "majority ring " + circle.stream().map(TestMember::name).collect(Collectors.joining("-"));
    }
}
