package io.quorate.base;

/** A part of a member that counts something by itself. Those that belong to another part are registered by it. */
public interface Metered {

    /** Registers what is counted here; once, when the member has been put together. */
    void register(Meters meters);
}
