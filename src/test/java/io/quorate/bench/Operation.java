package io.quorate.bench;

/** One kind of call on one connection, bound to one slot. Called on the event loop of the connection only. */
interface Operation {

    /** Starts a call; {@link Slot#done} is called on the same event loop when it has ended. */
    void issue();
}
