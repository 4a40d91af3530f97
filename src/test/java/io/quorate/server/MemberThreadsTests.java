package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.quorate.base.Agent;
import io.quorate.fixture.Steps;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.PutRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemberThreadsTests {

    @TempDir
    private Path directory;

    @Test
    void areAliveWhenAThreadDiesIsFalseAndTheMemberIsTold() {
        SteppedMember member = new SteppedMember(new SteppedMember.Disk(directory));
        MemberThreads threads = member.server.threads();
        assertThat(threads.areAlive()).as("before the start").isFalse();
        threads.start();
        try {
            assertThat(threads.areAlive()).isTrue();
            member.server.scheduler().schedule(() -> {
                throw new IllegalStateException("a job that fails");
            });
            await("the end of apply").until(() -> !threads.areAlive());
            await("the report")
                    .untilAsserted(() -> assertThat(member.exits)
                            .singleElement()
                            .satisfies(cause -> assertThat(cause).hasMessage("a job that fails")));
        } finally {
            threads.stop();
            member.database.close();
        }
    }

    /** The threads that are there now and were not before. */
    private static List<Thread> since(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .toList();
    }

    private static InternalRaftRequest.Builder put(String key) {
        return InternalRaftRequest.newBuilder().setPut(PutRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)));
    }

    @Test
    void stopWhenItReturnsHasEndedEveryThreadAndTakesNothingMore() {
        SteppedMember member = new SteppedMember(new SteppedMember.Disk(directory));
        Set<String> names = member.server.agents().all().stream()
                .map(Agent::name)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet());
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        MemberThreads threads = member.server.threads();
        threads.start();
        List<Thread> own = since(before).stream()
                .filter(thread -> names.contains(thread.getName()))
                .toList();
        assertThat(own)
                .extracting(Thread::getName)
                .containsExactlyInAnyOrder(
                        "raft-node", "wal-writer", "run-loop", "apply", "maintenance", "timer", "watch-sync");
        threads.stop();
        assertThat(own).noneMatch(Thread::isAlive);
        assertThat(threads.areAlive()).isFalse();
        assertThat(member.server.scheduler().schedule(() -> {})).isFalse();
        assertThat(member.proposer.propose(put("k"))).isCompletedExceptionally();
        assertThat(member.reader.awaitLinearizable()).isCompletedExceptionally();
        assertThat(member.exits).isEmpty();
        member.database.close();
    }

    /** Each thread rests until the one before it wakes it. */
    @Test
    void startWhenThereIsWorkWakesTheThreadsThatDoIt() {
        SteppedMember.Disk disk = new SteppedMember.Disk(directory);
        disk.snapshotCount = 1;
        SteppedMember member = new SteppedMember(disk);
        MemberThreads threads = member.server.threads();
        threads.start();
        try {
            for (int i = 0; i < 5; i++) {
                CompletableFuture<Message> result = member.proposer.propose(put("k" + i));
                Steps.until(result::isDone);
                assertThat(result).isCompleted();
            }
            Steps.until(() -> member.progress.diskSnapshotIndex() > 1);
        } finally {
            threads.stop();
            member.database.close();
        }
    }
}
