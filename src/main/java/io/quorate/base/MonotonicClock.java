package io.quorate.base;

/** Time that only moves forward; injected wherever a duration is measured, so that tests and the simulation own it. */
@FunctionalInterface
public interface MonotonicClock {

    /** The clock of this machine. */
    MonotonicClock SYSTEM = System::nanoTime;

    /** Nanoseconds since an arbitrary point; only differences have a meaning. */
    long nanos();
}
