package io.quorate.node.transport;

import io.quorate.base.MonotonicClock;
import io.quorate.tls.TlsHandlers;
import lombok.With;
import org.jspecify.annotations.Nullable;

/**
 * How the transport behaves.
 *
 * @param timing how long it waits
 * @param queueBytesMax bytes of messages that may wait for one peer on the lane of appends
 * @param snapshotBytesPerSecond at most so many bytes of a state are sent in a second; 0 for no limit
 * @param frameBytesMax largest frame that is accepted; must hold the largest request of any member, and is only allocated as
 *     its bytes arrive
 * @param connectionsMax how many connections others may have open
 * @param clock what it measures by; the event loop waits by its own
 * @param accepting what secures connections to {@code https} URLs that others open; null if it does not listen on any
 * @param dialling what secures connections to {@code https} URLs of others; null if there are none
 */
@With
public record PeerSettings(
        PeerTiming timing,
        long queueBytesMax,
        long snapshotBytesPerSecond,
        int frameBytesMax,
        int connectionsMax,
        MonotonicClock clock,
        @Nullable TlsHandlers accepting,
        @Nullable TlsHandlers dialling) {

    /** What a frame holds besides the largest request. */
    private static final int FRAME_SLACK_BYTES = 1 << 20;

    private static final int FRAME_BYTES_MIN = 64 << 20;

    /** Clear text, with room for what the core has in flight to one peer. */
    public static final PeerSettings DEFAULT = new PeerSettings(
            PeerTiming.DEFAULT, 64L << 20, 0, FRAME_BYTES_MIN, Integer.MAX_VALUE, MonotonicClock.SYSTEM, null, null);

    /** The same with frames that hold the largest request of any member. */
    public PeerSettings withRequestBytesMax(long bytes) {
        long frame = Math.max(FRAME_BYTES_MIN, bytes + FRAME_SLACK_BYTES);
        return withFrameBytesMax((int) Math.min(Integer.MAX_VALUE, frame));
    }
}
