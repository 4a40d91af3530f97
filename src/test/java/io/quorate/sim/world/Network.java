package io.quorate.sim.world;

import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;

/**
 * A network of directed links. Messages get lost, come twice, come late and so in another order; links get slow; links
 * are cut, in both directions or in one.
 *
 * <p>A proposal on its way to the leader never comes twice: it would be a second proposal, and telling the two apart takes
 * sessions (thesis, section 6.3), which neither etcd nor this store has; their connections keep that promise.
 */
public final class Network {

    private static final long SLOW_FACTOR = 40;

    /** A connection that stands still for so long is given up. */
    private static final long DELAY_MICROS_MAX = 5_000_000;

    /** A snapshot is large. */
    private static final long SNAPSHOT_FACTOR = 20;

    /**
     * How the network behaves apart from cut and slow links.
     *
     * @param loss the share of messages that get lost
     * @param duplication the share of messages that come twice
     * @param delayMicros the shortest time that a message takes
     * @param spreadMicros how much longer it may take
     * @param straggling the share of messages that take a hundred times as long
     */
    public record Weather(double loss, double duplication, long delayMicros, long spreadMicros, double straggling) {

        /** Nothing gets lost, nothing takes long. */
        public static final Weather FAIR = new Weather(0, 0, 200, 300, 0);

        /** Something between almost fair and hardly usable. */
        public static Weather random(RandomGenerator random) {
            return new Weather(
                    random.nextInt(4) * 0.04,
                    random.nextInt(3) * 0.05,
                    100,
                    random.nextBoolean() ? 1_000 : 30_000,
                    random.nextInt(3) * 0.02);
        }
    }

    private record Link(long from, long to) {}

    private final Timeline timeline;
    private final RandomGenerator random;
    private final Trace trace;
    private final BiConsumer<Message, Boolean> arrived;
    private final Set<Link> cut = new HashSet<>();
    private final Set<Link> slow = new HashSet<>();
    private Weather weather = Weather.FAIR;

    /**
     * @param arrived gets each message that arrives, with true, and each that gets lost, with false
     */
    public Network(Timeline timeline, RandomGenerator random, Trace trace, BiConsumer<Message, Boolean> arrived) {
        this.timeline = timeline;
        this.random = random;
        this.trace = trace;
        this.arrived = arrived;
    }

    public void setWeather(Weather next) {
        weather = next;
    }

    /** Sends a message; what becomes of it is decided now, except that a cut link also swallows what is under way. */
    public void send(Message message) {
        if (random.nextDouble() < weather.loss()) {
            timeline.after(delay(message), () -> arrived.accept(message, false));
            return;
        }
        deliverLater(message);
        if (message.type() != MessageType.PROP && random.nextDouble() < weather.duplication()) {
            deliverLater(message);
        }
    }

    private void deliverLater(Message message) {
        timeline.after(delay(message), () -> arrived.accept(message, !cut.contains(link(message))));
    }

    private long delay(Message message) {
        long micros = weather.delayMicros() + random.nextLong(weather.spreadMicros() + 1);
        if (random.nextDouble() < weather.straggling()) {
            micros *= 100;
        }
        if (message.type() == MessageType.SNAP) {
            micros *= SNAPSHOT_FACTOR;
        }
        return Math.min(DELAY_MICROS_MAX, slow.contains(link(message)) ? micros * SLOW_FACTOR : micros);
    }

    private static Link link(Message message) {
        return new Link(message.from(), message.to());
    }

    /** Nothing comes through in this direction. */
    public void cut(long from, long to) {
        if (from != to && cut.add(new Link(from, to))) {
            trace.note("network: %d -> %d is cut", from, to);
        }
    }

    /** Nothing comes through between the two sides, in both directions. */
    public void split(Collection<Long> one, Collection<Long> other) {
        for (long a : one) {
            for (long b : other) {
                cut(a, b);
                cut(b, a);
            }
        }
    }

    /** Everything in this direction takes long. */
    public void slowDown(long from, long to) {
        if (slow.add(new Link(from, to))) {
            trace.note("network: %d -> %d is slow", from, to);
        }
    }

    /** All links are whole and quick again; messages may still get lost. */
    public void heal() {
        if (!cut.isEmpty() || !slow.isEmpty()) {
            trace.note("network: healed");
        }
        cut.clear();
        slow.clear();
    }

    /** Whether a link is cut or slow. */
    public boolean isDisturbed() {
        return !cut.isEmpty() || !slow.isEmpty();
    }
}
