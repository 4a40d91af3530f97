package io.quorate.api.port;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.Future;

/** A stream of an HTTP/2 connection with a call of {@link ConnectionCalls}. Used by the event loop only. */
interface ServedStream extends InputPace.Input {

    /**
     * Takes in what came; the buffer stays the caller's.
     *
     * @return for how many bytes the client may send others
     */
    int data(ByteBuf data);

    /** The client sends no more. */
    void endOfRequest();

    /** The client's window for this stream may be open again. */
    void windowOpened();

    /** Writes what waits, after {@link ConnectionCalls#answered}. */
    void send();

    /** What waits cannot be written. */
    void breakOff(Throwable failure);

    /** Waiting any longer is in vain: the task that calls {@link #timedOut} then. */
    void limit(Future<?> task);

    /** The client's time is over; it hears so, if it still listens. */
    void timedOut();

    /** The stream is gone; if it had not ended, nobody waits for an answer any more. */
    void streamClosed();
}
