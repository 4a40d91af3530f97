package io.quorate.raft;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What the core wants sent, in two lists, because of what must be durable first.
 *
 * <p>{@code immediate} may leave before anything is written: a leader may send entries that it has not written itself,
 * since its own disk counts only through its own acknowledgement (thesis, section 10.2.1). {@code afterAppend} promises
 * something that a crash must not take back, namely that entries are in the log or that a vote was given, and so must
 * wait until everything handed out before is on stable storage (thesis, figure 3.1). Only there a member may write to
 * itself.
 *
 * <p>One thread at a time: the owner of the {@link RawNode}.
 */
final class Outbox {

    /** Messages that may leave before anything is written. Emptied by each {@link Ready}. */
    private List<Message> immediate = new ArrayList<>();

    /**
     * Messages that wait until all entries and the hard state handed out so far are durable. Emptied by each
     * {@link Ready}.
     */
    private List<Message> afterAppend = new ArrayList<>();

    void send(Message message) {
        switch (message.type()) {
            case APP_RESP, VOTE_RESP, PRE_VOTE_RESP -> afterAppend.add(message);
            default -> immediate.add(message);
        }
    }

    boolean isEmpty() {
        return immediate.isEmpty() && afterAppend.isEmpty();
    }

    /** Hands out what may leave at once. */
    List<Message> takeImmediate() {
        List<Message> taken = immediate;
        immediate = new ArrayList<>();
        return taken;
    }

    /** Hands out what must wait. */
    List<Message> takeAfterAppend() {
        List<Message> taken = afterAppend;
        afterAppend = new ArrayList<>();
        return Collections.unmodifiableList(taken);
    }
}
