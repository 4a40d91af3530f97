package io.quorate.node.transport;

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
        @Nullable TlsHandlers accepting,
        @Nullable TlsHandlers dialling) {

    /** Clear text, with room for what the core has in flight to one peer. */
    public static final PeerSettings DEFAULT =
            new PeerSettings(PeerTiming.DEFAULT, 64L << 20, 0, 64 << 20, Integer.MAX_VALUE, null, null);
}
