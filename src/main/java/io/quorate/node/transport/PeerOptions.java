package io.quorate.node.transport;

import io.netty.handler.ssl.SslContext;
import java.util.function.Supplier;
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
 * @param serverTls what secures accepted connections, asked for each; null for clear text
 * @param clientTls what secures dialled connections to {@code https} URLs, asked for each; null if there are none
 */
@With
public record PeerOptions(
        PeerTiming timing,
        long queueBytesMax,
        long snapshotBytesPerSecond,
        int frameBytesMax,
        @Nullable Supplier<SslContext> serverTls,
        @Nullable Supplier<SslContext> clientTls) {

    /** Clear text, with room for what the core has in flight to one peer. */
    public static final PeerOptions DEFAULT = new PeerOptions(PeerTiming.DEFAULT, 64L << 20, 0, 64 << 20, null, null);
}
