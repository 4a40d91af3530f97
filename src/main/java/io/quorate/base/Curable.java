package io.quorate.base;

/** A reason for the end of a member that knows what an operator has to do before the next start. */
public interface Curable {

    /** What to do, in sentences. Following it loses nothing that this member could still save. */
    String cure();
}
