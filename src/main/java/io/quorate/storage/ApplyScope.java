package io.quorate.storage;

import org.jspecify.annotations.Nullable;

/**
 * Which {@link WriteSet} the apply thread is filling now. Whatever changes metadata while an entry is applied writes into
 * that set, so that the change, the records of keys and the consistent index become one write.
 *
 * <p>Entered and left by one thread at a time. Outside of a scope, and on any other thread, there is nothing to write to.
 */
public final class ApplyScope {

    private @Nullable WriteSet set;

    /** Written last on entering and first on leaving, so that a thread that finds itself here also sees its set. */
    private volatile @Nullable Thread owner;

    /**
     * Makes a set the one to write to, for this thread, until {@link #leave}.
     *
     * @throws IllegalStateException when a scope is open already, on whichever thread
     */
    public void enter(WriteSet set) {
        Thread other = owner;
        if (other != null) {
            throw new IllegalStateException("An apply scope is open already on thread '" + other.getName() + "'");
        }
        this.set = set;
        this.owner = Thread.currentThread();
    }

    /**
     * Ends the scope.
     *
     * @throws IllegalStateException when this thread has none
     */
    public void leave() {
        current();
        owner = null;
        set = null;
    }

    /** True when this thread is between {@link #enter} and {@link #leave}. */
    public boolean isActive() {
        return owner == Thread.currentThread();
    }

    /**
     * The set to write to.
     *
     * @throws IllegalStateException outside of a scope, or on another thread than the one that entered it
     */
    public WriteSet current() {
        WriteSet current = isActive() ? set : null;
        if (current == null) {
            throw new IllegalStateException("No entry is being applied on thread '"
                    + Thread.currentThread().getName() + "': metadata changes only through the raft log");
        }
        return current;
    }
}
