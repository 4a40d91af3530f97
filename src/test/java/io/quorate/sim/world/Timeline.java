package io.quorate.sim.world;

import java.util.PriorityQueue;

/** Simulated time: events in the order of their moments, equal moments in the order of planning. */
public final class Timeline {

    private record Event(long atMicros, long order, Runnable action) implements Comparable<Event> {

        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(atMicros, other.atMicros);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    /** Many times what a run takes; more means that the members keep each other busy for nothing. */
    private static final long EVENTS_MAX = 5_000_000;

    private long planned;
    private long happened;
    private long nowMicros;

    /** Microseconds since the simulation began. */
    public long nowMicros() {
        return nowMicros;
    }

    /** Plans an event. */
    public void after(long micros, Runnable action) {
        events.add(new Event(nowMicros + Math.max(0, micros), planned++, action));
    }

    /** Lets everything happen that is planned, or gets planned meanwhile, within the time. */
    public void pass(long micros) {
        long end = nowMicros + micros;
        while (!events.isEmpty() && events.peek().atMicros() <= end) {
            Event next = events.remove();
            nowMicros = next.atMicros();
            if (++happened > EVENTS_MAX) {
                throw new AssertionError("livelock: " + EVENTS_MAX + " events within " + nowMicros / 1e6 + " s");
            }
            next.action().run();
        }
        nowMicros = end;
    }
}
