package io.quorate.raft.confchange;

/**
 * One step of a membership change.
 *
 * @param type what happens
 * @param nodeId to which member; 0 makes the step void
 */
public record MemberChange(ChangeType type, long nodeId) {

    /** For example {@code v3}: a letter for the type, and the id in decimal. */
    @Override
    public String toString() {
        return type.token() + Long.toUnsignedString(nodeId);
    }
}
