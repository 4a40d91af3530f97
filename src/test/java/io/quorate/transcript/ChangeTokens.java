package io.quorate.transcript;

import io.quorate.raft.confchange.ChangeType;
import io.quorate.raft.confchange.ConfChange.MemberChange;
import io.quorate.transcript.Environment.CommandFailedException;
import java.util.ArrayList;
import java.util.List;

/** Membership changes as transcripts write them, for example {@code v1 l2 r3 u4}. */
final class ChangeTokens {

    private ChangeTokens() {}

    static List<MemberChange> parse(String text) {
        List<MemberChange> changes = new ArrayList<>();
        if (text.isBlank()) {
            return changes;
        }
        for (String token : text.strip().split("\\s+")) {
            if (token.length() < 2) {
                throw new CommandFailedException("unknown token " + token);
            }
            changes.add(new MemberChange(type(token), Long.parseUnsignedLong(token.substring(1))));
        }
        return changes;
    }

    private static ChangeType type(String token) {
        return switch (token.charAt(0)) {
            case 'v' -> ChangeType.ADD_NODE;
            case 'l' -> ChangeType.ADD_LEARNER_NODE;
            case 'r' -> ChangeType.REMOVE_NODE;
            case 'u' -> ChangeType.UPDATE_NODE;
            default -> throw new CommandFailedException("unknown input: " + token);
        };
    }
}
