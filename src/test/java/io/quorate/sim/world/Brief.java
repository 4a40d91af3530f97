package io.quorate.sim.world;

import io.quorate.raft.Message;
import java.util.Arrays;

/** A message in one short line of the trace, written only when somebody reads it. */
public record Brief(Message message) {

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append(message.from()).append(" -> ").append(message.to()).append(": ");
        text.append(message.type())
                .append(message.reject() ? " no" : "")
                .append(" term ")
                .append(message.term());
        append(text, " at ", message.index());
        append(text, " of ", message.logTerm());
        append(text, " commit ", message.commit());
        append(text, " hint ", message.rejectHint());
        if (!message.entries().isEmpty()) {
            text.append(" entries ").append(message.entries().getFirst().index());
            text.append("..").append(message.entries().getLast().index());
        }
        if (message.snapshot() != null) {
            text.append(" snapshot ").append(message.snapshot().index());
        }
        byte[] context = message.context();
        if (context != null && context.length > 0) {
            text.append(" context ").append(Arrays.hashCode(context));
        }
        return text.toString();
    }

    private static void append(StringBuilder text, String name, long value) {
        if (value != 0) {
            text.append(name).append(value);
        }
    }
}
