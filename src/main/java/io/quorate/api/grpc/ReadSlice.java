package io.quorate.api.grpc;

/**
 * What a read may take of the threads for small reads. One that turns out to be larger starts over among the large ones, so that
 * small reads never wait behind it; what it has read until then, a millisecond or two, is lost.
 */
final class ReadSlice {

    private static final int RECORDS_MAX = 1_000;
    private static final long BYTES_MAX = 256 << 10;

    private int records;
    private long bytes;

    /** The read is too large for this slice. */
    static final class UsedUpException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        UsedUpException() {
            super("the read goes on among the large ones", null, false, false);
        }
    }

    /** A record is looked at. */
    void visit() {
        if (++records > RECORDS_MAX) {
            throw new UsedUpException();
        }
    }

    /** So many bytes go into the answer. */
    void take(long more) {
        bytes += more;
        if (bytes > BYTES_MAX) {
            throw new UsedUpException();
        }
    }
}
