package io.quorate.sim.core;

import io.quorate.sim.world.Network;
import io.quorate.sim.world.Timeline;
import io.quorate.sim.world.Trace;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** What the members of a simulated cluster share: time, chance, network, the invariants, and the kind of their disks. */
final class CoreWorld {

    /** One tick of a clock that goes right. */
    static final long TICK_MICROS = 100_000;

    private final Timeline timeline;
    private final RandomGenerator random;
    private final Trace trace;
    private final List<Invariant> invariants;
    private final Proposed.Register register = new Proposed.Register();
    private final StateMachine.Archive archive = new StateMachine.Archive();
    private final Network network;
    private final long entriesPerSnapshot;
    private Disks disks = Disks.GOOD;

    /**
     * How disks behave.
     *
     * @param syncMicrosMax the longest that an fsync ordinarily takes
     * @param stalls the share of fsyncs that take a hundred times as long
     * @param failures the share of fsyncs that fail
     */
    record Disks(long syncMicrosMax, double stalls, double failures) {

        static final Disks GOOD = new Disks(2_000, 0, 0);

        static Disks random(RandomGenerator random) {
            return new Disks(random.nextBoolean() ? 500 : 20_000, random.nextInt(3) * 0.01, random.nextInt(3) * 0.0005);
        }
    }

    CoreWorld(Timeline timeline, RandomGenerator random, Trace trace, List<Invariant> invariants, Network network) {
        this.timeline = timeline;
        this.random = random;
        this.trace = trace;
        this.invariants = invariants;
        this.network = network;
        this.entriesPerSnapshot = random.nextBoolean() ? 10 + random.nextInt(60) : Long.MAX_VALUE;
    }

    Timeline timeline() {
        return timeline;
    }

    RandomGenerator random() {
        return random;
    }

    Trace trace() {
        return trace;
    }

    Network network() {
        return network;
    }

    Proposed.Register register() {
        return register;
    }

    StateMachine.Archive archive() {
        return archive;
    }

    /** How often a member takes a snapshot by itself. */
    long entriesPerSnapshot() {
        return entriesPerSnapshot;
    }

    void setDisks(Disks next) {
        disks = next;
    }

    long syncMicros() {
        long micros = 50 + random.nextLong(disks.syncMicrosMax());
        return random.nextDouble() < disks.stalls() ? micros * 100 : micros;
    }

    boolean syncFails() {
        return random.nextDouble() < disks.failures();
    }

    /** Asks every invariant. */
    void check(Consumer<Invariant> event) {
        for (Invariant invariant : invariants) {
            event.accept(invariant);
        }
    }
}
