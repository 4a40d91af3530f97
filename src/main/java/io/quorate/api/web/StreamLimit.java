package io.quorate.api.web;

import java.util.concurrent.Semaphore;

/** Bounds the streams of events at the same time. Any thread. */
final class StreamLimit {

    private final Semaphore places;

    StreamLimit(int streams) {
        places = new Semaphore(streams);
    }

    /**
     * Takes a place.
     *
     * @throws Problem if there is none
     */
    void enter() {
        if (!places.tryAcquire()) {
            throw Problem.unavailable("too many streams of events at the same time");
        }
    }

    /** Gives a place back. */
    void leave() {
        places.release();
    }
}
