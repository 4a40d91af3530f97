package io.quorate.api.web;

import java.time.Duration;

/**
 * What the REST API takes on.
 *
 * @param requestBytesMax length of one call's request in its protobuf encoding, the same as for gRPC
 * @param streamsMax streams of events at the same time
 */
public record RestBounds(int requestBytesMax, int streamsMax) {

    /** A client that takes nothing of its answer for so long loses the connection: a snapshot keeps what is overwritten from being dropped. */
    public static final Duration STALL = Duration.ofMinutes(1);

    /** Length of a body: JSON may be twice as long as what it says, as base64 takes a third more. */
    long bodyBytesMax() {
        return 2L * requestBytesMax;
    }
}
