package io.quorate.transcript;

import io.quorate.raft.ConfState;
import io.quorate.raft.Entry;
import io.quorate.raft.HardState;
import io.quorate.raft.Message;
import io.quorate.raft.Ready;
import io.quorate.raft.Ready.ReadState;
import io.quorate.raft.Ready.SoftState;
import io.quorate.raft.Snapshot;
import io.quorate.raft.confchange.ConfChangeCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The literal forms of messages, entries and Readys in transcripts. */
final class Texts {

    private Texts() {}

    /** A whole Ready; without line end only when there is nothing in it. */
    static String ready(Ready ready) {
        StringBuilder text = new StringBuilder();
        SoftState softState = ready.softState();
        if (softState != null) {
            text.append("Lead:").append(Long.toUnsignedString(softState.leader()));
            text.append(" State:").append(softState.role().label()).append('\n');
        }
        HardState hardState = ready.hardState();
        if (hardState != null) {
            text.append("HardState Term:").append(hardState.term());
            if (hardState.vote() != 0) {
                text.append(" Vote:").append(Long.toUnsignedString(hardState.vote()));
            }
            text.append(" Commit:").append(hardState.commit()).append('\n');
        }
        if (!ready.readStates().isEmpty()) {
            text.append("ReadStates ").append(readStates(ready.readStates())).append('\n');
        }
        appendEntries(text, "Entries:", ready.entries());
        Snapshot snapshot = ready.snapshot();
        if (snapshot != null) {
            text.append("Snapshot ").append(snapshot(snapshot)).append('\n');
        }
        appendEntries(text, "CommittedEntries:", ready.committedEntries());
        if (!ready.messages().isEmpty()) {
            text.append("Messages:\n");
            ready.messages().forEach(message -> text.append(message(message)).append('\n'));
        }
        return text.isEmpty() ? "<empty Ready>" : "Ready MustSync=" + ready.mustSync() + ":\n" + text;
    }

    private static String readStates(List<ReadState> states) {
        return states.stream()
                .map(state -> "{" + state.index() + " " + new String(state.context(), StandardCharsets.UTF_8) + "}")
                .collect(Collectors.joining(" ", "[", "]"));
    }

    private static void appendEntries(StringBuilder text, String head, List<Entry> entries) {
        if (!entries.isEmpty()) {
            text.append(head).append('\n');
            entries.forEach(entry -> text.append(entry(entry)).append('\n'));
        }
    }

    static String entry(Entry entry) {
        String place = entry.term() + "/" + entry.index();
        return switch (entry.type()) {
            case NORMAL -> place + " EntryNormal " + quote(entry.data());
            case CONF_CHANGE -> place + " EntryConfChange " + ConfChangeCodec.decode(entry);
            case CONF_CHANGE_V2 -> (place + " EntryConfChangeV2 " + ConfChangeCodec.decode(entry)).stripTrailing();
        };
    }

    private static String quote(byte[] data) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < data.length; i++) {
            int value = data[i] & 0xff;
            switch (value) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (value >= 0x20 && value < 0x7f) {
                        text.append((char) value);
                    } else {
                        text.append(String.format(Locale.ROOT, "\\x%02x", value));
                    }
                }
            }
        }
        return text.append('"').toString();
    }

    static String snapshot(Snapshot snapshot) {
        return "Index:" + snapshot.index() + " Term:" + snapshot.term() + " ConfState:"
                + confState(snapshot.confState());
    }

    private static String confState(ConfState state) {
        return "Voters:" + ids(state.voters()) + " VotersOutgoing:" + ids(state.votersOutgoing()) + " Learners:"
                + ids(state.learners()) + " LearnersNext:" + ids(state.learnersNext()) + " AutoLeave:"
                + state.autoLeave();
    }

    private static String ids(List<Long> ids) {
        return ids.stream().map(Long::toUnsignedString).collect(Collectors.joining(" ", "[", "]"));
    }

    /** A message line, with further lines where it carries several things. */
    static String message(Message message) {
        return message(message, "");
    }

    private static String message(Message message, String margin) {
        String inner = margin + "  ";
        StringBuilder text = new StringBuilder(margin);
        text.append(end(message.from())).append("->").append(end(message.to()));
        text.append(' ').append(message.type().label());
        text.append(" Term:").append(message.term());
        text.append(" Log:").append(message.logTerm()).append('/').append(message.index());
        if (message.reject()) {
            text.append(" Rejected (Hint: ").append(message.rejectHint()).append(')');
        }
        if (message.commit() != 0) {
            text.append(" Commit:").append(message.commit());
        }
        if (message.vote() != 0) {
            text.append(" Vote:").append(Long.toUnsignedString(message.vote()));
        }
        List<Entry> entries = message.entries();
        if (entries.size() == 1) {
            text.append(" Entries:[").append(entry(entries.getFirst())).append(']');
        } else if (!entries.isEmpty()) {
            text.append(" Entries:[");
            entries.forEach(entry -> text.append('\n').append(inner).append(entry(entry)));
            text.append('\n').append(margin).append(']');
        }
        Snapshot snapshot = message.snapshot();
        if (snapshot != null && !snapshot.isEmpty()) {
            text.append('\n').append(inner).append("Snapshot: ").append(snapshot(snapshot));
        }
        if (!message.responses().isEmpty()) {
            text.append(" Responses:[");
            message.responses().forEach(response -> text.append('\n').append(message(response, inner)));
            text.append('\n').append(margin).append(']');
        }
        return text.toString();
    }

    private static String end(long id) {
        if (id == 0) {
            return "None";
        }
        if (id == Message.APPEND_THREAD) {
            return "AppendThread";
        }
        return id == Message.APPLY_THREAD ? "ApplyThread" : Long.toHexString(id);
    }
}
