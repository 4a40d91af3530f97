package io.quorate.embedded;

import java.time.Duration;

/** A member that runs, here or in a process of its own. Used by one thread at a time, except {@link #isRunning}. */
interface RunningMember {

    /** Whether it still does. */
    boolean isRunning();

    /** Stops it in order; a leader hands over. */
    void stop();

    /** Ends it without a word to the others. */
    void kill();

    /** Its clock of leases was moved: returns when what has run out is revoked. */
    void advanced(Duration by);
}
