package io.quorate.api.web;

/**
 * What the REST API takes on.
 *
 * @param requestBytesMax length of one call's request in its protobuf encoding, the same as for gRPC
 * @param streamsMax streams of events at the same time
 */
public record RestBounds(int requestBytesMax, int streamsMax) {

    /** Length of a body: JSON may be twice as long as what it says, as base64 takes a third more. */
    long bodyBytesMax() {
        return 2L * requestBytesMax;
    }
}
