package io.quorate.mvcc;

import io.quorate.base.RequestError;
import io.quorate.base.RequestException;

/** Whether the database wants a view back, because it is closed or replaced. Any thread. */
final class Revocation implements Runnable {

    private volatile boolean revoked;
    private volatile Runnable listener = () -> {};

    @Override
    public void run() {
        revoked = true;
        listener.run();
    }

    /** @param action run once the view is wanted back, at once if it is already; then possibly twice */
    void listen(Runnable action) {
        listener = action;
        if (revoked) {
            action.run();
        }
    }

    /**
     * Called for each record of a long read.
     *
     * @throws RequestException when the view has to be given back
     */
    void check() {
        if (revoked) {
            throw new RequestException(RequestError.STOPPED);
        }
    }
}
