package io.quorate.transcript;

import io.quorate.raft.confchange.ConfChange.MemberChange;
import io.quorate.raft.confchange.ConfChanger;
import io.quorate.raft.confchange.ConfChanger.InvalidConfChangeException;
import io.quorate.raft.tracker.Configuration;
import io.quorate.raft.tracker.ProgressTracker;
import io.quorate.transcript.Environment.CommandFailedException;
import java.util.List;

/** One configuration and the progress of its members. */
final class ConfChangeEnvironment implements Environment {

    private static final int WINDOW = 10;

    private final ProgressTracker tracker = new ProgressTracker(WINDOW, 0);
    private long lastIndex;

    @Override
    public String run(Directive directive) {
        try {
            ConfChanger.Outcome outcome = change(directive, tracker.configuration());
            tracker.install(outcome.configuration(), outcome.fresh(), lastIndex);
            StringBuilder text =
                    new StringBuilder().append(tracker.configuration()).append('\n');
            tracker.members()
                    .forEach(progress -> text.append(Long.toUnsignedString(progress.id()))
                            .append(": ")
                            .append(progress)
                            .append('\n'));
            return text.toString();
        } catch (InvalidConfChangeException | CommandFailedException e) {
            return e.getMessage() + "\n";
        } finally {
            lastIndex++;
        }
    }

    private static ConfChanger.Outcome change(Directive directive, Configuration before) {
        List<MemberChange> changes = ChangeTokens.parse(directive.input());
        return switch (directive.command()) {
            case "simple" -> ConfChanger.simple(before, changes);
            case "enter-joint" -> ConfChanger.enterJoint(before, changes, directive.flag("autoleave"));
            case "leave-joint" -> {
                if (!changes.isEmpty()) {
                    throw new CommandFailedException("this command takes no input");
                }
                yield ConfChanger.leaveJoint(before);
            }
            default -> throw new IllegalArgumentException("unknown command " + directive.command());
        };
    }
}
