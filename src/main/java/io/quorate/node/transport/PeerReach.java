package io.quorate.node.transport;

import io.quorate.base.MonotonicClock;
import io.quorate.base.Throttle;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;
import lombok.extern.slf4j.Slf4j;

/**
 * Says in the log whether a peer can be reached, once for all lanes to it: when the first of them fails, each minute while one
 * does, when the peer begins to refuse this member, and when all that failed are back. All state belongs to the event loop.
 */
@Slf4j
final class PeerReach {

    private static final Duration REMIND_EVERY = Duration.ofMinutes(1);

    private final Supplier<String> peer;
    private final boolean member;
    private final MonotonicClock clock;
    private final Set<Lane> failing = EnumSet.noneOf(Lane.class);
    private Throttle reminders;
    private boolean refused;

    private PeerReach(Supplier<String> peer, boolean member, MonotonicClock clock) {
        this.peer = peer;
        this.member = member;
        this.clock = clock;
        this.reminders = new Throttle(REMIND_EVERY, clock);
    }

    /** @param name what the member is called now */
    static PeerReach ofMember(Supplier<String> name, MonotonicClock clock) {
        return new PeerReach(name, true, clock);
    }

    /** Any member at an address, of which several are tried and one is enough. */
    static PeerReach ofAnybody(MonotonicClock clock) {
        return new PeerReach(() -> "a member to ask", false, clock);
    }

    /**
     * A try to reach the peer on a lane came to nothing.
     *
     * @param byRefusal whether the peer was there, and did not want this member
     */
    void failed(Lane lane, String reason, boolean byRefusal) {
        if (failing.isEmpty() || (byRefusal && !refused)) {
            reminders = new Throttle(REMIND_EVERY, clock);
        }
        String still = failing.isEmpty() ? "" : "still ";
        failing.add(lane);
        refused = byRefusal;
        if (reminders.admit() == Throttle.HELD_BACK) {
            log.debug("{} of {}: {}", lane, peer.get(), reason);
        } else if (member) {
            log.warn("member {} {}cannot be reached: {}", peer.get(), still, reason);
        } else {
            log.info("{} {}cannot be reached: {}", peer.get(), still, reason);
        }
    }

    /** The peer has welcomed this member on a lane. */
    void welcomed(Lane lane) {
        if (failing.remove(lane) && failing.isEmpty()) {
            refused = false;
            if (member) {
                log.info("member {} is reachable again", peer.get());
            }
        }
    }

    /** The lane is not wanted any more. */
    void closed(Lane lane) {
        failing.remove(lane);
    }
}
