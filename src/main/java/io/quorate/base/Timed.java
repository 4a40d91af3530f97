package io.quorate.base;

/** A part of a member with something to do as time passes. */
@FunctionalInterface
public interface Timed {

    /** Does what is due; called ten times a second by the thread {@code timer}, and must not block. */
    void poll(long nowNanos);
}
