package io.quorate.linearizability;

import org.jspecify.annotations.Nullable;

/**
 * One command as a client saw it.
 *
 * @param client who asked; a client does one thing after the other
 * @param command what was asked
 * @param answer what came back; null when the outcome is not known: it may take effect at any time after the call, or
 *     never
 * @param called the moment of the call; no two moments of a history are equal
 * @param returned the moment of the answer; {@link #NEVER} without one
 */
public record Operation(
        int client, Command command, @Nullable Answer answer, long called, long returned) {

    /** After everything else. */
    public static final long NEVER = Long.MAX_VALUE;

    public Operation {
        if ((answer == null) != (returned == NEVER) || called >= returned) {
            throw new IllegalArgumentException("called at " + called + ", returned at " + returned + ": " + answer);
        }
    }

    @Override
    public String toString() {
        String end = answer == null ? "never" : Long.toString(returned);
        return "[" + called + ", " + end + "] client " + client + ": " + command + " -> "
                + (answer == null ? "unknown" : answer);
    }
}
