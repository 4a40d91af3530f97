package io.quorate.sim.world;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * What befalls a cluster: one trouble after the other, at random moments, of random kinds, until it is over. Now and then
 * the network heals by itself, or too little would get through for anything to happen.
 */
public final class Storm<K extends Enum<K>> {

    private static final long PAUSE_MICROS = 700_000;
    private static final int HEALING_ODDS = 4;

    private final Timeline timeline;
    private final RandomGenerator random;
    private final Trace trace;
    private final Network network;
    private final List<K> kinds;
    private final Set<K> seen;
    private Consumer<K> strike = kind -> {};
    private boolean over;

    public Storm(Timeline timeline, RandomGenerator random, Trace trace, Network network, Class<K> kinds) {
        this.timeline = timeline;
        this.random = random;
        this.trace = trace;
        this.network = network;
        this.kinds = List.of(kinds.getEnumConstants());
        this.seen = EnumSet.noneOf(kinds);
    }

    /**
     * Breaks loose.
     *
     * @param trouble brings a trouble about, or not, as things are; says so by {@link #note}
     */
    public void begin(Consumer<K> trouble) {
        strike = trouble;
        next();
    }

    private void next() {
        timeline.after(random.nextLong(2 * PAUSE_MICROS), this::strike);
    }

    private void strike() {
        if (over) {
            return;
        }
        strike.accept(kinds.get(random.nextInt(kinds.size())));
        if (network.isDisturbed() && random.nextInt(HEALING_ODDS) == 0) {
            network.heal();
        }
        next();
    }

    /** Something befalls a member now. */
    public void note(K kind, long member) {
        trace.note("trouble: %s, %d", kind, member);
        seen.add(kind);
    }

    /** Nothing more happens. */
    public void end() {
        over = true;
    }

    public boolean isOver() {
        return over;
    }

    /** What came, by name. */
    public List<String> seen() {
        return seen.stream().map(Enum::name).toList();
    }
}
