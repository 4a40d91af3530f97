package io.quorate.raft;

/** What a member does, in one of its roles, with a message that passed the check of its term. */
interface RoleHandler {

    /** Takes in one message. */
    void step(Message message);
}
