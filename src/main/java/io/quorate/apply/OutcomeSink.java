package io.quorate.apply;

/** Where outcomes go; only the member that proposed a request awaits one. */
public interface OutcomeSink {

    /** Whether somebody on this member waits for the request. */
    boolean isAwaited(long id);

    /** Hands over the outcome, after the write that contains it. Ignored when nobody waits. */
    void complete(long id, Outcome outcome);
}
