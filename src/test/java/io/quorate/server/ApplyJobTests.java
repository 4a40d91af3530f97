package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.quorate.apply.ApplyAll;
import io.quorate.base.Fault;
import io.quorate.membership.Member;
import io.quorate.node.ApplyPacket;
import io.quorate.proposal.ApplyWaiters;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.PutRequest;
import io.quorate.raft.ConfState;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import io.quorate.raft.Snapshot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packets handed to the state machine of a member, which has applied its own log before. */
class ApplyJobTests {

    private static final CompletableFuture<Void> PERSISTED = CompletableFuture.completedFuture(null);
    private static final long TERM = 5;

    @TempDir
    private Path directory;

    private final List<Long> installed = new ArrayList<>();
    private SteppedMember member;
    private ApplyProgress progress;
    private ApplyWaiters waiters;
    private ApplyJob job;
    private long applied;

    @BeforeEach
    void start() {
        member = new SteppedMember(new SteppedMember.Disk(directory)).started();
        applied = member.progress.appliedIndex();
        progress = new ApplyProgress(
                new Snapshot(applied, member.progress.appliedTerm(), member.progress.confState(), new byte[0]));
        waiters = new ApplyWaiters(applied);
        ApplyAll applyAll = new ApplyAll(
                member.database,
                member.state.scope(),
                member.store,
                member.state.index(),
                member.server.entryApplier(),
                member.server.confChanges(),
                new ApplyAll.Listeners(member.proposals.pending(), term -> {}, nanos -> {}));
        job = new ApplyJob(
                applyAll,
                progress,
                waiters,
                member.server.snapshots(),
                member.node,
                snapshot -> installed.add(snapshot.index()));
    }

    @AfterEach
    void end() {
        member.close();
    }

    private static Entry put(long index) {
        return new Entry(
                TERM,
                index,
                EntryType.NORMAL,
                InternalRaftRequest.newBuilder()
                        .setPut(PutRequest.newBuilder().setKey(ByteString.copyFromUtf8("k" + index)))
                        .build()
                        .toByteArray());
    }

    private List<Entry> puts(long first, long last) {
        return LongStream.rangeClosed(first, last).mapToObj(ApplyJobTests::put).toList();
    }

    private static Snapshot snapshot(long index) {
        return new Snapshot(index, TERM, ConfState.ofVoters(List.of(1L, 2L)), new byte[0]);
    }

    private void run(@Nullable Snapshot snapshot, List<Entry> entries, @Nullable Message confirmation) {
        job.run(new ApplyPacket(snapshot, entries, PERSISTED, confirmation, 0));
    }

    @Test
    void runWhenEntriesComeAppliesThemAndReleasesWhoWaits() {
        CompletableFuture<?> last = waiters.reached(applied + 2);
        CompletableFuture<?> next = waiters.reached(applied + 3);
        run(null, puts(applied + 1, applied + 2), null);
        assertThat(member.store.currentRevision()).isEqualTo(3);
        assertThat(progress.appliedIndex()).isEqualTo(applied + 2);
        assertThat(progress.appliedTerm()).isEqualTo(TERM);
        assertThat(last).isDone();
        assertThat(next).isNotDone();
    }

    @Test
    void runWhenSomeAreAppliedAlreadyAppliesTheRest() {
        run(null, puts(applied + 1, applied + 2), null);
        run(null, puts(applied + 1, applied + 3), null);
        assertThat(member.store.currentRevision()).isEqualTo(4);
        assertThat(progress.appliedIndex()).isEqualTo(applied + 3);
    }

    @Test
    void runWhenAllAreAppliedAlreadyChangesNothing() {
        run(null, puts(applied + 1, applied + 2), null);
        run(null, puts(applied + 1, applied + 2), null);
        run(null, List.of(), null);
        assertThat(member.store.currentRevision()).isEqualTo(3);
        assertThat(progress.appliedIndex()).isEqualTo(applied + 2);
    }

    /** Going on would lose the writes between for good. */
    @Test
    void runWhenEntriesAreMissingIsAFault() {
        assertThatThrownBy(() -> run(null, puts(applied + 2, applied + 3), null))
                .isInstanceOf(Fault.class);
        assertThat(progress.appliedIndex()).isEqualTo(applied);
        assertThat(member.store.currentRevision()).isEqualTo(1);
    }

    @Test
    void runWhenASnapshotIsNewerInstallsItBeforeWhatFollows() {
        CompletableFuture<?> covered = waiters.reached(applied + 50);
        run(snapshot(applied + 50), List.of(), null);
        assertThat(installed).containsExactly(applied + 50);
        assertThat(progress.appliedIndex()).isEqualTo(applied + 50);
        assertThat(progress.confState()).isEqualTo(snapshot(1).confState());
        assertThat(progress.isInstalling()).isFalse();
        assertThat(covered).isDone();
        run(null, puts(applied + 51, applied + 51), null);
        assertThat(progress.appliedIndex()).isEqualTo(applied + 51);
    }

    @Test
    void runWhenASnapshotBringsNothingNewLeavesTheStateAlone() {
        run(snapshot(applied), List.of(), null);
        run(snapshot(applied - 1), List.of(), null);
        assertThat(installed).isEmpty();
    }

    @Test
    void runWhenTheCoreAwaitsItTellsTheNode() {
        Message confirmation = Message.builder().type(MessageType.STORAGE_APPLY).build();
        int before = member.node.pending();
        run(null, puts(applied + 1, applied + 1), null);
        assertThat(member.node.pending()).isEqualTo(before);
        run(null, puts(applied + 2, applied + 2), confirmation);
        assertThat(member.node.pending()).isEqualTo(before + 1);
    }

    /** The core refuses a change while it does not use the one before. */
    @Test
    void runWhenMembersChangeAnswersOnceTheCoreUsesTheNewOnes() {
        CompletableFuture<Member> learner =
                member.proposals.changes().add(List.of("http://b:2380"), true).toCompletableFuture();
        member.settle();
        assertThat(learner).isCompleted();
        assertThat(member.node.status().confState().learners())
                .containsExactly(learner.join().id());
    }
}
