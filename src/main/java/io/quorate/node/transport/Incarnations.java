package io.quorate.node.transport;

/**
 * Which log each member has, by the number that was drawn when the log was created: a member that comes back with another one has
 * forgotten what it promised, and nobody may count with it. Asked by the event loop, never blocks.
 */
public interface Incarnations {

    /** Nothing is known, and nothing is compared. */
    Incarnations UNKNOWN = new Incarnations() {

        @Override
        public long own() {
            return 0;
        }

        @Override
        public long of(long member) {
            return 0;
        }

        @Override
        public void met(long member, long incarnation) {
            // nothing is kept
        }
    };

    /** The number of this member's log; 0 until the member takes part in its cluster. */
    long own();

    /** The number of another member's log when it was first met; 0 if it was not. */
    long of(long member);

    /** Keeps the number of another member's log, unless there is one already or this is 0. */
    void met(long member, long incarnation);

    /** Whether the number is another one than the one that is known. */
    default boolean contradicts(long member, long incarnation) {
        long known = of(member);
        return known != 0 && incarnation != 0 && known != incarnation;
    }
}
