package io.quorate.apply;

/** Where outcomes go; only the member that proposed a request awaits one. */
public interface OutcomeSink {

    /** Whether somebody on this member waits for the request. */
    boolean isAwaited(long id);

    /** The outcomes that follow belong to entries that were known to be committed at that time of the monotonic clock. */
    void committed(long nanos);

    /** Hands over the outcome, after the write that contains it. Ignored when nobody waits. */
    void complete(long id, Outcome outcome);
}
