package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.quorate.base.Bytes;
import io.quorate.base.Fault;
import io.quorate.base.KeyRange;
import io.quorate.base.RequestError;
import io.quorate.membership.Versions;
import io.quorate.mvcc.RangeQuery;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.LeaseGrantRequest;
import io.quorate.proto.PutRequest;
import io.quorate.proto.PutResponse;
import io.quorate.raft.ConfState;
import io.quorate.raft.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The seed's loop with everything real but threads and time. */
class RunLoopTests {

    @TempDir
    private Path directory;

    private SteppedMember.Disk disk;

    @BeforeEach
    void makeDisk() {
        disk = new SteppedMember.Disk(directory);
    }

    @Test
    void startWhenMemberIsNewElectsItselfAndPublishes() {
        try (SteppedMember member = new SteppedMember(disk).started()) {
            assertThat(member.consensusState.role()).isEqualTo(Role.LEADER);
            assertThat(member.server.publisher().published()).isDone();
            assertThat(member.membership.members()).singleElement().satisfies(self -> {
                assertThat(self.name()).isEqualTo("a");
                assertThat(self.clientUrls()).containsExactly("http://localhost:2379");
            });
            assertThat(member.membership.clusterVersion()).isEqualTo(Versions.CLUSTER);
            assertThat(member.progress.confState()).isEqualTo(ConfState.ofVoters(List.of(0xa1L)));
        }
    }

    @Test
    void proposeAppliesAndAnswersWithRevisionAndTerm() {
        try (SteppedMember member = new SteppedMember(disk).started()) {
            PutResponse response = (PutResponse) member.propose(put("k", "v", 0));

            assertThat(response.getHeader().getRevision()).isEqualTo(2);
            assertThat(response.getHeader().getRaftTerm())
                    .isEqualTo(member.node.status().term());
            assertThat(get(member, "k")).isEqualTo("v");
            assertThat(member.progress.appliedIndex()).isEqualTo(member.consensusState.committedIndex());
        }
    }

    @Test
    void proposeWhenManyWaitSharesOneRound() {
        try (SteppedMember member = new SteppedMember(disk).started()) {
            List<CompletableFuture<Message>> results = Stream.iterate(0, i -> i + 1)
                    .limit(500)
                    .map(i -> member.proposer.propose(put("k" + i, "v", 0)))
                    .toList();
            member.settle();

            assertThat(results).allSatisfy(result -> assertThat(result).isCompleted());
            assertThat(member.store.currentRevision()).isEqualTo(501);
        }
    }

    @Test
    void proposeWhenNoLeaderIsKnownWaitsForOne() {
        try (SteppedMember member = new SteppedMember(disk)) {
            CompletableFuture<Message> result = member.proposer.propose(put("k", "v", 0));
            member.node.doWork();
            assertThat(result).isNotDone();

            member.started();
            assertThat(result).isCompleted();
        }
    }

    @Test
    void proposeWhenResultDoesNotComeTimesOut() {
        try (SteppedMember member = new SteppedMember(disk).started()) {
            CompletableFuture<Message> result = member.proposer.propose(put("k", "v", 0));
            member.clock.advance(Duration.ofSeconds(8));
            member.proposals.pending().expire(member.clock.nanos());

            assertThatThrownBy(result::join).hasMessageContaining(RequestError.TIMEOUT.name());

            member.settle();
            assertThat(get(member, "k")).as("a time-out does not undo").isEqualTo("v");
        }
    }

    @Test
    void awaitLinearizableWaitsForWhatWasProposedBefore() {
        try (SteppedMember member = new SteppedMember(disk).started()) {
            CompletableFuture<Message> put = member.proposer.propose(put("k", "v", 0));
            CompletableFuture<Void> read = member.reader.awaitLinearizable();
            assertThat(read).isNotDone();
            member.settle();

            assertThat(put).isCompleted();
            assertThat(read).isCompleted();
        }
    }

    @Test
    void restartAfterCrashReplaysTheLogAndKeepsRevisions() {
        SteppedMember first = new SteppedMember(disk).started();
        first.propose(put("a", "1", 0));
        first.propose(put("b", "2", 0));
        first.crash();

        try (SteppedMember second = new SteppedMember(disk).started()) {
            assertThat(get(second, "a")).isEqualTo("1");
            assertThat(get(second, "b")).isEqualTo("2");
            assertThat(second.store.currentRevision()).isEqualTo(3);
            assertThat(second.node.status().term()).isGreaterThan(2);
        }
    }

    @Test
    void snapshotCountReachedFlushesRecordsAndPurges() throws IOException {
        disk.snapshotCount = 50;
        disk.catchUpEntries = 20;
        try (SteppedMember member = new SteppedMember(disk).started()) {
            String large = "x".repeat(20_000);
            for (int i = 0; i < 400; i++) {
                member.propose(put("k" + i, large, 0));
            }

            assertThat(member.progress.diskSnapshotIndex()).isGreaterThan(300);
            assertThat(member.progress.memorySnapshotIndex()).isGreaterThan(200);
            assertThat(files("snap", ".snap")).isPositive();
            assertThat(files("wal", ".wal")).isLessThan(4);
        }
        try (SteppedMember again = new SteppedMember(disk).started()) {
            assertThat(again.progress.diskSnapshotIndex()).isGreaterThan(300);
            assertThat(again.store.currentRevision()).isEqualTo(401);
            assertThat(again.progress.confState()).isEqualTo(ConfState.ofVoters(List.of(0xa1L)));
        }
    }

    @Test
    void expiredLeaseIsRevokedThroughTheLogWithItsKeys() {
        try (SteppedMember member = new SteppedMember(disk).started()) {
            member.propose(InternalRaftRequest.newBuilder()
                    .setLeaseGrant(LeaseGrantRequest.newBuilder().setID(7).setTTL(5)));
            member.propose(put("k", "v", 7));

            member.pass(Duration.ofSeconds(4));
            assertThat(get(member, "k")).isEqualTo("v");

            member.pass(Duration.ofSeconds(3));
            assertThat(get(member, "k")).isNull();
            assertThat(member.leases.leases()).isEmpty();
            assertThat(member.store.currentRevision()).isEqualTo(3);
        }
    }

    @Test
    void longLeaseWhenCheckpointsAreOnKeepsItsRemainingTimeOverARestart() {
        disk.leaseCheckpoints = true;
        SteppedMember first = new SteppedMember(disk).started();
        first.propose(InternalRaftRequest.newBuilder()
                .setLeaseGrant(LeaseGrantRequest.newBuilder().setID(7).setTTL(1000)));
        first.pass(Duration.ofSeconds(310));
        first.close();

        try (SteppedMember second = new SteppedMember(disk).started()) {
            assertThat(second.leases.timeToLive(7, false).remainingTtl()).isBetween(690L, 702L);
        }
    }

    @Test
    void failedWhenInvariantIsBrokenEndsTheMemberOnce() {
        try (SteppedMember member = new SteppedMember(disk).started()) {
            member.errors.fatal(new Fault("broken"));
            member.errors.fatal(new Fault("broken again"));
            member.settle();

            assertThat(member.exits)
                    .singleElement()
                    .satisfies(cause -> assertThat(cause).hasMessage("broken"));
        }
    }

    private long files(String folder, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(suffix)).count();
        }
    }

    private static InternalRaftRequest.Builder put(String key, String value, long lease) {
        return InternalRaftRequest.newBuilder()
                .setPut(PutRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8(key))
                        .setValue(ByteString.copyFromUtf8(value))
                        .setLease(lease));
    }

    private static @Nullable String get(SteppedMember member, String key) {
        var kvs = member.store
                .range(RangeQuery.of(KeyRange.single(Bytes.utf8(key))))
                .kvs();
        return kvs.isEmpty() ? null : kvs.getFirst().getValue().toStringUtf8();
    }
}
