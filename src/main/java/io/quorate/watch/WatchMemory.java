package io.quorate.watch;

/** Accounts for the memory that watchers take; implemented by the edge. Any thread, never with a lock of the engine held. */
public interface WatchMemory {

    /** Holds whatever it is asked for: where watchers are few and known. */
    WatchMemory UNBOUNDED = new WatchMemory() {
        @Override
        public boolean hold(long bytes) {
            return true;
        }

        @Override
        public void release(long bytes) {
            // nothing is counted
        }
    };

    /** Whether there is room for so many bytes; they are held if there is. Must not wait. */
    boolean hold(long bytes);

    /** The bytes are gone. */
    void release(long bytes);
}
