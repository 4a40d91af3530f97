package io.quorate.sim.member;

import io.quorate.sim.world.Timeline;
import java.util.Random;

/**
 * What befalls members inside of a step, where the storm cannot reach: the power goes between two operations of a disk, before
 * or after a flush, behind a write of the database; a bit of a state turns over on its way; a leader stands still right after
 * it has decided to revoke leases; readers come in herds, while a question of others is under way. They come by a generator of
 * their own, and only with even seeds, so that the others are what they were.
 */
final class Mishaps {

    private static final long PAUSE_MICROS = 3_000_000;
    private static final int STEPS_MAX = 60;
    private static final int CUTS_AT_FLUSH = 3;
    private static final int DAMAGED_STATES = 4;
    private static final int DELAYED_REVOCATIONS = 3;

    /** Long enough for the others to elect another leader. */
    private static final long REVOCATION_MICROS = 1_500_000;

    private static final long HERD_PAUSE_MICROS = 20_000;
    private static final long HERD_MICROS = 4_000;
    private static final int HERD = 4;

    private final Random random;
    private final boolean happen;
    private final Timeline timeline;
    private boolean over;
    private int delayed;

    Mishaps(long seed, Timeline timeline) {
        this.random = new Random(~seed);
        this.happen = seed % 2 == 0;
        this.timeline = timeline;
    }

    void begin(Cluster cluster) {
        if (happen) {
            next(cluster);
            nextHerd(cluster);
        }
    }

    private void nextHerd(Cluster cluster) {
        timeline.after(random.nextLong(HERD_PAUSE_MICROS), () -> {
            if (!over) {
                SimulatedMember member = any(cluster);
                for (int reader = 0; reader < HERD; reader++) {
                    timeline.after(random.nextLong(HERD_MICROS), member::read);
                }
                nextHerd(cluster);
            }
        });
    }

    private SimulatedMember any(Cluster cluster) {
        return cluster.all().get(random.nextInt(cluster.all().size()));
    }

    /**
     * How long the node of a leader stands still that has decided to revoke leases; 0 if it does not. In the calm, too, as most
     * leases outlive the storm.
     */
    long revocationDelayMicros() {
        return happen && delayed++ < DELAYED_REVOCATIONS ? REVOCATION_MICROS + random.nextLong(REVOCATION_MICROS) : 0;
    }

    void end() {
        over = true;
    }

    private void next(Cluster cluster) {
        timeline.after(random.nextLong(PAUSE_MICROS), () -> {
            if (!over) {
                SimulatedMember member = any(cluster);
                if (random.nextInt(CUTS_AT_FLUSH) == 0) {
                    member.cutPowerAtFlush();
                } else {
                    member.cutPowerAfter(random.nextInt(STEPS_MAX));
                }
                next(cluster);
            }
        });
    }

    /** Whether a state that is on its way now gets there with another bit. */
    boolean damagesState() {
        return happen && !over && random.nextInt(DAMAGED_STATES) == 0;
    }
}
