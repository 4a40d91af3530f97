package io.quorate.raft;

import io.quorate.raft.Ready.SoftState;
import io.quorate.raft.log.RaftLog;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects what the core wants done into a {@link Ready}, and remembers what was handed out last.
 *
 * <p>What depends on stable storage is tied to it by construction. With synchronous writes, messages to others are in the
 * Ready and the caller writes before it sends; what the member tells itself waits for {@link RawNode#advance}. With
 * asynchronous writes, all of it is attached as responses to the message to the append thread, which delivers them when the
 * write is durable; messages that need no write leave at once (thesis, section 10.2.1).
 */
final class ReadyBuilder {

    private final Raft raft;
    private final boolean async;
    private SoftState lastSoftState;
    private HardState lastHardState;
    private List<Message> stepsOnAdvance = List.of();

    ReadyBuilder(Raft raft) {
        this.raft = raft;
        this.async = raft.config().asyncStorageWrites();
        this.lastSoftState = raft.softState();
        this.lastHardState = raft.hardState();
    }

    /** After a bootstrap the hard state is new, whatever it is. */
    void forgetHardState() {
        lastHardState = HardState.EMPTY;
    }

    boolean hasReady() {
        RaftLog log = raft.log();
        return !raft.outbox().isEmpty()
                || log.hasNextUnstableEntries()
                || log.hasNextCommitted(!async)
                || log.nextUnstableSnapshot() != null
                || raft.hasReadStates()
                || changedHardState() != null
                || changedSoftState() != null;
    }

    private @Nullable SoftState changedSoftState() {
        SoftState now = raft.softState();
        return now.equals(lastSoftState) ? null : now;
    }

    private @Nullable HardState changedHardState() {
        HardState now = raft.hardState();
        return now.isEmpty() || now.equals(lastHardState) ? null : now;
    }

    /** Takes everything, so that the next one contains only what is new. */
    Ready take() {
        RaftLog log = raft.log();
        SoftState softState = changedSoftState();
        HardState hardState = changedHardState();
        List<Entry> entries = log.nextUnstableEntries();
        Snapshot snapshot = log.nextUnstableSnapshot();
        List<Entry> committed = log.nextCommitted(!async);
        List<Message> messages = raft.outbox().takeImmediate();
        List<Message> afterAppend = raft.outbox().takeAfterAppend();
        boolean mustSync = !entries.isEmpty() || hardState != null && hardState.isNewPromise(lastHardState);
        if (async) {
            addStorageWork(messages, hardState, entries, snapshot, committed, afterAppend);
        } else {
            planAdvance(messages, snapshot, committed, afterAppend);
        }
        accept(softState, hardState, committed);
        return new Ready(
                softState,
                hardState,
                raft.takeReadStates(),
                entries,
                snapshot,
                committed,
                Collections.unmodifiableList(messages),
                mustSync);
    }

    private void accept(@Nullable SoftState softState, @Nullable HardState hardState, List<Entry> committed) {
        if (softState != null) {
            lastSoftState = softState;
        }
        if (hardState != null) {
            lastHardState = hardState;
        }
        raft.log().acceptUnstable();
        if (!committed.isEmpty()) {
            raft.log().acceptApplying(committed, !async);
        }
    }

    // ---- synchronous writes

    private void planAdvance(
            List<Message> messages, @Nullable Snapshot snapshot, List<Entry> committed, List<Message> afterAppend) {
        List<Message> steps = new ArrayList<>(afterAppend.size() + 2);
        for (Message message : afterAppend) {
            if (message.to() == raft.id()) {
                steps.add(message);
            } else {
                messages.add(message);
            }
        }
        if (needsConfirmation(snapshot)) {
            steps.add(storageAppended(snapshot));
        }
        if (!committed.isEmpty()) {
            steps.add(storageApplied(committed));
        }
        stepsOnAdvance = steps;
    }

    /** What the member learns when the work of the last Ready is done. */
    List<Message> takeStepsOnAdvance() {
        List<Message> taken = stepsOnAdvance;
        stepsOnAdvance = List.of();
        return taken;
    }

    // ---- asynchronous writes

    private void addStorageWork(
            List<Message> messages,
            @Nullable HardState hardState,
            List<Entry> entries,
            @Nullable Snapshot snapshot,
            List<Entry> committed,
            List<Message> afterAppend) {
        // Even without anything to write the after-append messages go through the append thread: what they promise may
        // still be in its queue.
        if (hardState != null || !entries.isEmpty() || snapshot != null || !afterAppend.isEmpty()) {
            List<Message> responses = afterAppend;
            if (needsConfirmation(snapshot)) {
                responses = new ArrayList<>(afterAppend);
                responses.add(storageAppended(snapshot));
            }
            HardState written = hardState != null ? hardState : HardState.EMPTY;
            messages.add(Message.builder()
                    .type(MessageType.STORAGE_APPEND)
                    .from(raft.id())
                    .to(Message.APPEND_THREAD)
                    .term(written.term())
                    .vote(written.vote())
                    .commit(written.commit())
                    .entries(entries)
                    .snapshot(snapshot)
                    .responses(Collections.unmodifiableList(responses))
                    .build());
        }
        if (!committed.isEmpty()) {
            messages.add(Message.builder()
                    .type(MessageType.STORAGE_APPLY)
                    .from(raft.id())
                    .to(Message.APPLY_THREAD)
                    .entries(committed)
                    .responses(List.of(storageApplied(committed)))
                    .build());
        }
    }

    /**
     * Also when the entries were handed out before: only the newest confirmation has the present term, and one of an
     * older term does not count, see {@link Raft}.
     */
    private boolean needsConfirmation(@Nullable Snapshot snapshot) {
        return raft.log().hasUnstableEntries() || snapshot != null;
    }

    private Message storageAppended(@Nullable Snapshot snapshot) {
        Message.MessageBuilder message = raft.message(MessageType.STORAGE_APPEND_RESP, raft.id())
                .from(Message.APPEND_THREAD)
                .snapshot(snapshot);
        RaftLog log = raft.log();
        if (log.hasUnstableEntries()) {
            message.index(log.lastIndex()).logTerm(log.lastTerm());
        }
        return message.build();
    }

    private Message storageApplied(List<Entry> committed) {
        return Message.builder()
                .type(MessageType.STORAGE_APPLY_RESP)
                .from(Message.APPLY_THREAD)
                .to(raft.id())
                .entries(committed)
                .build();
    }
}
