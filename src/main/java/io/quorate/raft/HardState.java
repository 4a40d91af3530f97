package io.quorate.raft;

/**
 * What must be on stable storage before a message that depends on it is sent (thesis, figure 3.1).
 *
 * @param term the latest term seen
 * @param vote the candidate that got the vote in that term; 0 for none
 * @param commit highest index known to be committed; may lag behind the truth after a crash
 */
public record HardState(long term, long vote, long commit) {

    /** Before anything happened. */
    public static final HardState EMPTY = new HardState(0, 0, 0);

    public boolean isEmpty() {
        return term == 0 && vote == 0 && commit == 0;
    }

    /** Whether term or vote are others than before: they must be durable before anybody hears of them. */
    public boolean isNewPromise(HardState before) {
        return term != before.term || vote != before.vote;
    }
}
