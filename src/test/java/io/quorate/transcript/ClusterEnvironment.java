package io.quorate.transcript;

import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.HardState;
import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import io.quorate.raft.RaftException;
import io.quorate.raft.RawNodeAccess;
import io.quorate.raft.Ready;
import io.quorate.raft.Status;
import io.quorate.raft.confchange.ConfChange;
import io.quorate.raft.confchange.ConfChange.MemberChange;
import io.quorate.raft.confchange.Transition;
import io.quorate.transcript.Environment.CommandFailedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A simulated cluster: members that are driven step by step, and a network that is one queue. Beyond the recorded
 * commands it knows {@code read-index <id> <context>} and {@code report-snapshot <id> <to> ok|failed}.
 */
final class ClusterEnvironment implements Environment {

    static final int ELECTION_TICKS = 3;

    private final Output output = new Output();
    private final List<TranscriptMember> members = new ArrayList<>();
    private final List<Message> network = new ArrayList<>();

    @Override
    public String run(Directive directive) {
        String error = "";
        try {
            execute(directive);
        } catch (CommandFailedException | RaftException e) {
            error = String.valueOf(e.getMessage());
        }
        String text = output.take() + error;
        return text.isEmpty() ? "ok" : text;
    }

    private void execute(Directive directive) {
        switch (directive.command()) {
            case "add-nodes" -> new MemberFactory(directive, output).addTo(members);
            case "log-level" -> output.setLevel(directive.positional().getFirst());
            case "set-randomized-election-timeout" ->
                RawNodeAccess.setRandomizedElectionTimeout(
                        member(directive).node(), (int) directive.number("timeout", 0));
            case "campaign" -> member(directive).node().campaign();
            case "propose" ->
                member(directive).node().propose(directive.positional().get(1).getBytes(StandardCharsets.UTF_8));
            case "propose-conf-change" -> proposeConfChange(directive);
            case "tick-heartbeat" -> tick(directive, 1);
            case "tick-election" -> tick(directive, ELECTION_TICKS);
            case "transfer-leadership" ->
                member(directive.number("from", 0)).node().transferLeadership(directive.number("to", 0));
            case "forget-leader" -> member(directive).node().forgetLeader();
            case "report-unreachable" -> member(directive).node().reportUnreachable(directive.id(1));
            case "report-snapshot" ->
                member(directive)
                        .node()
                        .reportSnapshot(
                                directive.id(1), directive.positional().get(2).equals("ok"));
            case "read-index" ->
                member(directive).node().readIndex(directive.positional().get(1).getBytes(StandardCharsets.UTF_8));
            case "send-snapshot" -> sendSnapshot(directive);
            case "compact" -> compact(directive);
            case "raft-log" -> printLog(member(directive));
            case "raft-state" -> members.forEach(this::printState);
            case "status" -> printStatus(member(directive));
            case "process-ready" -> each(directive, "handling Ready", this::processReady);
            case "process-append-thread" -> each(directive, "processing append thread", this::processAppend);
            case "process-apply-thread" -> each(directive, "processing apply thread", this::processApply);
            case "deliver-msgs" -> deliver(directive);
            case "stabilize" -> stabilize(directive);
            default -> throw new IllegalArgumentException("unknown command " + directive.command());
        }
    }

    private TranscriptMember member(Directive directive) {
        return member(directive.id(0));
    }

    private TranscriptMember member(long id) {
        return members.get((int) id - 1);
    }

    /** What the core of a member says of itself. */
    Status status(long id) {
        return member(id).node().status();
    }

    // ---- driving

    private void tick(Directive directive, int ticks) {
        for (int i = 0; i < ticks; i++) {
            member(directive).node().tick();
        }
    }

    private void proposeConfChange(Directive directive) {
        List<MemberChange> changes = ChangeTokens.parse(directive.input());
        String name = directive.value("transition");
        Transition transition = switch (name == null ? "auto" : name) {
            case "auto" -> Transition.AUTO;
            case "implicit" -> Transition.JOINT_IMPLICIT;
            case "explicit" -> Transition.JOINT_EXPLICIT;
            default -> throw new CommandFailedException("unknown transition " + name);
        };
        boolean older = directive.flag("v1");
        if (older && (changes.size() > 1 || transition != Transition.AUTO)) {
            throw new CommandFailedException("v1 conf change can only have one operation and no transition");
        }
        EntryType form = older ? EntryType.CONF_CHANGE : EntryType.CONF_CHANGE_V2;
        member(directive).node().proposeConfChange(ConfChange.of(transition, changes), form);
    }

    private void sendSnapshot(Directive directive) {
        TranscriptMember from = member(directive);
        Message message = Message.builder()
                .type(MessageType.SNAP)
                .from(from.id())
                .to(directive.id(1))
                .term(from.node().status().term())
                .snapshot(from.newestState())
                .build();
        network.add(message);
        output.println(Texts.message(message));
    }

    private void compact(Directive directive) {
        TranscriptMember member = member(directive);
        try {
            member.storage().compact(directive.id(1));
        } catch (IllegalStateException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()));
        }
        printLog(member);
    }

    // ---- inspecting

    private void printLog(TranscriptMember member) {
        long first = member.storage().firstIndex();
        long last = member.storage().lastIndex();
        if (first > last) {
            output.println("log is empty: first index=" + first + ", last index=" + last);
            return;
        }
        for (Entry entry : member.storage().entries(first, last + 1, Long.MAX_VALUE)) {
            output.println(Texts.entry(entry));
        }
    }

    private void printState(TranscriptMember member) {
        Status status = member.node().status();
        boolean voter = status.confState().voters().contains(status.id())
                || status.confState().votersOutgoing().contains(status.id());
        output.println(status.id() + ": " + status.role().label() + (voter ? " (Voter)" : " (Non-Voter)") + " Term:"
                + status.term() + " Lead:" + status.leader());
    }

    private void printStatus(TranscriptMember member) {
        RawNodeAccess.progress(member.node())
                .forEach(progress -> output.println(Long.toUnsignedString(progress.id()) + ": " + progress));
    }

    // ---- processing

    private void each(Directive directive, String title, Consumer<TranscriptMember> step) {
        List<TranscriptMember> chosen = directive.positional().stream()
                .map(id -> member(Long.parseLong(id)))
                .toList();
        if (chosen.size() == 1) {
            step.accept(chosen.getFirst());
        } else {
            chosen.forEach(member -> titled(member, title, () -> step.accept(member)));
        }
    }

    private void titled(TranscriptMember member, String title, Runnable step) {
        output.println("> " + member.id() + " " + title);
        output.indented(step);
    }

    private void processReady(TranscriptMember member) {
        Ready ready = member.node().ready();
        output.print(Texts.ready(ready));
        if (!member.isAsync()) {
            member.write(ready.hardState(), ready.snapshot(), ready.entries());
            member.apply(ready.committedEntries());
        }
        for (Message message : ready.messages()) {
            if (message.to() == Message.APPEND_THREAD) {
                member.appendWork().add(message);
            } else if (message.to() == Message.APPLY_THREAD) {
                member.applyWork().add(message);
            } else {
                network.add(message);
            }
        }
        if (!member.isAsync()) {
            member.node().advance();
        }
    }

    private void processAppend(TranscriptMember member) {
        Message work = begin(member.appendWork(), "no append work to perform");
        if (work != null) {
            HardState state = new HardState(work.term(), work.vote(), work.commit());
            member.write(state.isEmpty() ? null : state, work.snapshot(), work.entries());
            respond(work);
        }
    }

    private void processApply(TranscriptMember member) {
        Message work = begin(member.applyWork(), "no apply work to perform");
        if (work != null) {
            member.apply(work.entries());
            respond(work);
        }
    }

    private @Nullable Message begin(Queue<Message> queue, String nothing) {
        Message work = queue.poll();
        if (work == null) {
            output.print(nothing);
            return null;
        }
        output.println("Processing:");
        output.println(Texts.message(work.toBuilder().responses(List.of()).build()));
        return work;
    }

    private void respond(Message work) {
        output.println("Responses:");
        for (Message response : work.responses()) {
            output.println(Texts.message(response));
            network.add(response);
        }
    }

    // ---- the network

    private void deliver(Directive directive) {
        String type = directive.value("type");
        boolean any = false;
        for (Directive.Argument argument : directive.arguments()) {
            if (argument.values().isEmpty()) {
                any |= deliverTo(Long.parseLong(argument.key()), type, false);
            } else if (argument.key().equals("drop")) {
                for (String id : argument.values()) {
                    any |= deliverTo(Long.parseLong(id), type, true);
                }
            }
        }
        if (!any) {
            output.println("no messages");
        }
    }

    private boolean deliverTo(long recipient, @Nullable String type, boolean drop) {
        List<Message> taken = new ArrayList<>();
        for (Iterator<Message> queue = network.iterator(); queue.hasNext(); ) {
            Message message = queue.next();
            if (message.to() == recipient
                    && (type == null || message.type().label().equals(type))
                    && !(drop && isLocal(message))) {
                taken.add(message);
                queue.remove();
            }
        }
        for (Message message : taken) {
            output.println((drop ? "dropped: " : "") + Texts.message(message));
            if (!drop) {
                step(message);
            }
        }
        return !taken.isEmpty();
    }

    private static boolean isLocal(Message message) {
        return message.from() == message.to() || isStorage(message.from()) || isStorage(message.to());
    }

    private static boolean isStorage(long id) {
        return id == Message.APPEND_THREAD || id == Message.APPLY_THREAD;
    }

    private void step(Message message) {
        try {
            member(message.to()).node().step(message);
        } catch (RaftException e) {
            output.println(String.valueOf(e.getMessage()));
        }
    }

    // ---- until nothing happens any more

    private void stabilize(Directive directive) {
        String level = directive.value("log-level");
        String before = level == null ? "" : output.setLevel(level);
        List<TranscriptMember> chosen = directive.positional().isEmpty()
                ? members
                : directive.positional().stream()
                        .map(id -> member(Long.parseLong(id)))
                        .toList();
        try {
            boolean busy = true;
            while (busy) {
                busy = pass(chosen);
            }
        } finally {
            if (level != null) {
                output.setLevel(before);
            }
        }
    }

    private boolean pass(List<TranscriptMember> chosen) {
        boolean busy = false;
        for (TranscriptMember member : chosen) {
            if (member.node().hasReady()) {
                busy = true;
                titled(member, "handling Ready", () -> processReady(member));
            }
        }
        for (TranscriptMember member : chosen) {
            if (network.stream().anyMatch(message -> message.to() == member.id())) {
                busy = true;
                titled(member, "receiving messages", () -> deliverTo(member.id(), null, false));
            }
        }
        for (TranscriptMember member : chosen) {
            busy |= workOff(member, member.appendWork(), "processing append thread", this::processAppend);
        }
        for (TranscriptMember member : chosen) {
            busy |= workOff(member, member.applyWork(), "processing apply thread", this::processApply);
        }
        return busy;
    }

    private boolean workOff(
            TranscriptMember member, Queue<Message> queue, String title, Consumer<TranscriptMember> step) {
        if (queue.isEmpty()) {
            return false;
        }
        titled(member, title, () -> {
            while (!queue.isEmpty()) {
                step.accept(member);
            }
        });
        return true;
    }
}
