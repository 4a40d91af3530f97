package io.quorate.identity;

import io.quorate.base.Timed;
import java.util.concurrent.CompletionStage;

/** Tokens of one kind: what a login gives, and what a call brings along instead of a password. */
public interface Tokens extends TokenReader, Timed {

    /** What a login carries through the log, so that all members make the same token of it; empty if they need nothing. */
    String draw();

    /**
     * Notes a login, on every member and by the thread {@code apply}, when its entry is applied.
     *
     * @param drawn what {@link #draw} gave on the member that proposed the login
     * @param index that of the entry
     */
    void loggedIn(String user, String drawn, long index);

    /**
     * The token of a login as text; only on the member that answers it.
     *
     * @param authRevision the auth revision under which the password was compared
     * @return a stage of a {@link io.quorate.base.RequestException} if this member can make no token
     */
    CompletionStage<String> issue(String user, String drawn, long index, long authRevision);

    /** Drops the tokens of a user whose password has changed, or that is gone; by the thread {@code apply}. */
    void forget(String user);

    /** Authentication is on; by the thread {@code apply}, or before it runs. */
    void enable();

    /** Authentication is off, and no user is logged in any more; by the thread {@code apply}. */
    void disable();

    /** Whether {@link #issue} can give a token. */
    boolean canIssue();

    /** Drops what has run out. */
    @Override
    default void poll(long nowNanos) {}
}
