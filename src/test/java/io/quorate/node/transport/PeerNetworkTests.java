package io.quorate.node.transport;

import static io.quorate.node.transport.PeerFixture.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.base.Fault;
import io.quorate.fixture.Steps;
import io.quorate.node.transport.PeerFixture.Peer;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PeerNetworkTests {

    private static final Duration PATIENCE = Duration.ofDays(1);

    private final PeerFixture fixture = new PeerFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void sendWhenConnectedDeliversEachLaneInOrder() throws IOException {
        Peer a = fixture.peer(1);
        Peer b = fixture.peer(2);
        a.knows(1L, 2L).awaitActive(2);
        long sent = 500;
        for (long index = 1; index <= sent; index++) {
            a.network.send(List.of(message(MessageType.APP, 1, 2, index), message(MessageType.HEARTBEAT, 1, 2, index)));
        }
        Steps.until(() -> indexes(b, MessageType.HEARTBEAT).size() == sent);
        Steps.until(() -> indexes(b, MessageType.APP).size() == sent);
        assertThat(indexes(b, MessageType.APP)).isSorted();
        assertThat(indexes(b, MessageType.HEARTBEAT)).isSorted();
        assertThat(a.countersOf(2).sentBytes()).isPositive();
    }

    private static List<Long> indexes(Peer peer, MessageType type) {
        return peer.received.stream()
                .filter(message -> message.type() == type)
                .map(Message::index)
                .toList();
    }

    @Test
    void sendWhenProposalsAreLargeSplitsThem() throws IOException {
        Peer a = fixture.peer(1);
        Peer b = fixture.peer(2);
        a.knows(1L, 2L).awaitActive(2);
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            entries.add(new Entry(0, 0, EntryType.NORMAL, new byte[300_000]));
        }
        a.network.send(List.of(
                message(MessageType.PROP, 1, 2, 0).toBuilder().entries(entries).build()));
        Steps.until(() -> b.received.stream()
                        .mapToInt(message -> message.entries().size())
                        .sum()
                == 10);
        assertThat(b.received).hasSizeGreaterThan(1);
    }

    @Test
    void sendWhenNobodyListensReportsUnreachable() throws IOException {
        Peer a = fixture.peer(1);
        fixture.addresses.put(2L, new PeerAddress("127.0.0.1", 1, false));
        a.knows(1L, 2L);
        a.network.send(List.of(message(MessageType.APP, 1, 2, 1)));
        assertThat(a.unreachable).containsExactly(2L);
        assertThat(a.countersOf(2).sendFailures()).isEqualTo(1);
    }

    @Test
    void sendWhenPeerComesBackReachesIt() throws IOException {
        Peer a = fixture.peer(1);
        Peer b = fixture.peer(2);
        a.knows(1L, 2L).awaitActive(2);
        b.network.close();
        Steps.until(() -> a.network.activeSinceNanos(2) == 0);
        assertThat(a.unreachable).contains(2L);
        assertThat(a.countersOf(2).disconnects()).isPositive();
        Peer again = fixture.peer(2); // on another port, so its address has to be asked for anew
        a.awaitActive(2);
        a.network.send(List.of(message(MessageType.HEARTBEAT, 1, 2, 5)));
        Steps.until(() -> again.received.size() == 1);
    }

    @Test
    void sendWhenReceiverIsUnknownAnswersOnItsConnection() throws IOException {
        Peer a = fixture.peer(1);
        Peer b = fixture.peer(2);
        a.knows(1L, 2L).awaitActive(2);
        a.network.send(List.of(message(MessageType.HEARTBEAT, 1, 2, 5)));
        Steps.until(() -> b.received.size() == 1);
        b.network.send(List.of(message(MessageType.HEARTBEAT_RESP, 2, 1, 6)));
        Steps.until(() -> a.received.size() == 1);
        assertThat(a.received.getFirst().index()).isEqualTo(6);
    }

    @Test
    void sendWhenThePeerListensOnASocketFileReachesIt(@TempDir Path directory) throws IOException {
        Peer a = fixture.peer(1);
        Peer b = fixture.peer(2);
        PeerAddress file = PeerAddress.of("unix://" + directory.resolve("localhost:22001"));
        b.network.listen(file);
        fixture.addresses.put(2L, file);
        a.knows(1L, 2L).awaitActive(2);
        a.network.send(List.of(message(MessageType.HEARTBEAT, 1, 2, 5)));
        Steps.until(() -> b.received.size() == 1);
    }

    @Test
    void receiveWhenInboxIsFullCountsTheLoss() throws IOException {
        Peer a = fixture.peer(1);
        Peer b = fixture.peer(2);
        b.full = true;
        b.knows(1L, 2L);
        a.knows(1L, 2L).awaitActive(2);
        a.network.send(List.of(message(MessageType.HEARTBEAT, 1, 2, 5)));
        Steps.until(() -> b.countersOf(1).receiveFailures() == 1);
    }

    @Test
    void receiveWhenSenderUsesAnothersNameIsNotDelivered() throws IOException {
        Peer a = fixture.peer(1);
        Peer b = fixture.peer(2);
        b.knows(1L, 2L);
        a.knows(1L, 2L).awaitActive(2);
        a.network.send(List.of(message(MessageType.HEARTBEAT, 3, 2, 5)));
        Steps.until(() -> b.countersOf(1).receiveFailures() == 1);
        assertThat(b.received).isEmpty();
    }

    /** Sends again whenever the sender was told of a loss: connections may change once more after the first ones are there. */
    private static void sendUntil(BooleanSupplier arrived, Peer from, Message message) {
        while (!arrived.getAsBoolean()) {
            from.unreachable.clear();
            from.network.send(List.of(message));
            Steps.until(() -> arrived.getAsBoolean() || !from.unreachable.isEmpty());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PROP", "READ_INDEX", "TRANSFER_LEADER"})
    void receiveWhenAMemberForwardsForAnotherIsDelivered(MessageType type) throws IOException {
        Peer a = fixture.peer(1);
        Peer b = fixture.peer(2);
        b.knows(1L, 2L);
        a.knows(1L, 2L).awaitActive(2);
        Steps.until(() -> a.network.reaches(2));
        sendUntil(() -> !b.received.isEmpty(), a, message(type, 3, 2, 5));
        assertThat(b.received.getFirst().from()).isEqualTo(3);
        assertThat(b.countersOf(1).receiveFailures()).isZero();
        assertThat(a.countersOf(2).disconnects()).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"PROP", "READ_INDEX", "TRANSFER_LEADER"})
    void receiveWhenAnythingElseComesInAnothersNameEndsTheConnection(MessageType type) throws IOException {
        Peer a = fixture.peer(1);
        Peer b = fixture.peer(2);
        b.knows(1L, 2L);
        a.knows(1L, 2L).awaitActive(2);
        Steps.until(() -> a.network.reaches(2));
        sendUntil(() -> b.countersOf(1).receiveFailures() > 0, a, message(type, 3, 2, 5));
        Steps.until(() -> !a.unreachable.isEmpty());
        assertThat(b.received).isEmpty();
    }

    // ---- one way

    @Test
    void sendWhenThePeerCannotBeDialledUsesTheConnectionThatItOpened() throws IOException {
        Peer a = fixture.peer(1);
        Peer b = fixture.peer(2);
        fixture.addresses.put(2L, new PeerAddress("127.0.0.1", 1, false));
        a.knows(1L, 2L);
        b.knows(1L, 2L).awaitActive(1);
        Steps.until(() -> a.network.reaches(2));
        long sent = 40; // together more than a socket takes at once
        for (long index = 1; index <= sent; index++) {
            Entry entry = new Entry(1, index, EntryType.NORMAL, new byte[300_000]);
            a.network.send(List.of(
                    message(MessageType.APP, 1, 2, index).toBuilder()
                            .entries(List.of(entry))
                            .build(),
                    message(MessageType.HEARTBEAT, 1, 2, index)));
        }
        Steps.until(() -> indexes(b, MessageType.APP).size() == sent);
        Steps.until(() -> indexes(b, MessageType.HEARTBEAT).size() == sent);
        assertThat(indexes(b, MessageType.APP)).isSorted();
        assertThat(a.network.activeSinceNanos(2)).isZero();
    }

    @Test
    void sendWhenThePeerHadDialledBeforeItWasListedUsesItsConnection() throws IOException {
        Peer a = fixture.peer(1);
        Peer b = fixture.peer(2);
        fixture.addresses.put(2L, new PeerAddress("127.0.0.1", 1, false));
        b.knows(1L, 2L).awaitActive(1);
        Steps.until(() -> a.network.reaches(2));
        a.knows(1L, 2L);
        Steps.until(() -> a.network.reaches(2));
        a.network.send(List.of(message(MessageType.HEARTBEAT, 1, 2, 5)));
        Steps.until(() -> b.received.size() == 1);
    }

    @Test
    void sendWhenTheConnectionOfAPeerThatCannotBeDialledEndsReportsUnreachable() throws IOException {
        Peer a = fixture.peer(1);
        Peer b = fixture.peer(2);
        fixture.addresses.put(2L, new PeerAddress("127.0.0.1", 1, false));
        a.knows(1L, 2L);
        b.knows(1L, 2L).awaitActive(1);
        Steps.until(() -> a.network.reaches(2));
        a.unreachable.clear();
        b.knows();
        Steps.until(() -> !a.network.reaches(2));
        assertThat(a.unreachable).contains(2L);
    }

    @Test
    void dialWhenClusterDiffersIsRefused() throws IOException {
        Peer a = fixture.peer(1, 0xbad, PeerSettings.DEFAULT.withTiming(PeerFixture.TIMING));
        fixture.peer(2);
        a.knows(1L, 2L);
        Steps.until(() -> a.refusals.contains(Refusal.CLUSTER));
        assertThat(a.network.activeSinceNanos(2)).isZero();
    }

    @Test
    void dialWhenAnotherMemberAnswersIsRefused() throws IOException {
        Peer a = fixture.peer(1);
        fixture.addresses.put(3L, fixture.peer(2).listen());
        a.knows(1L, 3L);
        Steps.until(() -> a.refusals.contains(Refusal.MEMBER));
    }

    @Test
    void connectionWhenItsMemberIsRemovedMeanwhileEndsAndIsRefused() throws IOException {
        Peer a = fixture.peer(1);
        fixture.peer(2, PeerFixture.CLUSTER, PeerSettings.DEFAULT.withTiming(PeerFixture.IMPATIENT));
        a.knows(1L, 2L).awaitActive(2);
        fixture.removed.add(1L);
        Steps.until(() -> a.refusals.contains(Refusal.REMOVED));
    }

    @Test
    void dialWhenRemovedIsRefused() throws IOException {
        Peer a = fixture.peer(1);
        fixture.peer(2);
        fixture.removed.add(1L);
        a.knows(1L, 2L);
        Steps.until(() -> a.refusals.contains(Refusal.REMOVED));
    }

    @Test
    void pingWhenAnsweredMeasuresTheRoundTrip() throws IOException {
        AtomicLong measured = new AtomicLong();
        Peer a = fixture.peer(1);
        fixture.peer(2);
        a.roundTrips = measured::set;
        a.knows(1L, 2L);
        Steps.until(() -> measured.get() > 0);
    }

    @Test
    void networkWhenNotConnectedNeitherListensNorDials() {
        try (PeerNetwork network = new PeerNetwork(
                new PeerIdentity(PeerFixture.CLUSTER, 9, "test"),
                PeerDirectory.of(new PeerAddress("127.0.0.1", 1, false)),
                PeerSettings.DEFAULT)) {
            assertThatThrownBy(() -> network.listen(new PeerAddress("127.0.0.1", 0, false)))
                    .isInstanceOf(Fault.class);
            assertThatThrownBy(() -> network.setPeers(Set.of(1L))).isInstanceOf(Fault.class);
            network.connect(PeerReceivers.NONE);
            assertThatThrownBy(() -> network.connect(PeerReceivers.NONE)).isInstanceOf(Fault.class);
        }
    }

    // ---- calls

    @Test
    void callWhenAnsweredGivesTheAnswer() throws IOException {
        Peer a = fixture.peer(1);
        Peer b = fixture.peer(2);
        b.calls = (from, method, request) -> CompletableFuture.completedFuture(
                (from + ":" + method + ":" + new String(request, StandardCharsets.UTF_8))
                        .getBytes(StandardCharsets.UTF_8));
        a.knows(1L, 2L);
        byte[] answer = a.network
                .call(2, 7, "who".getBytes(StandardCharsets.UTF_8), PATIENCE)
                .join();
        assertThat(new String(answer, StandardCharsets.UTF_8)).isEqualTo("1:7:who");
    }

    @Test
    void callWhenItFailsGivesTheReason() throws IOException {
        Peer a = fixture.peer(1);
        Peer b = fixture.peer(2);
        b.calls = (from, method, request) -> CompletableFuture.<byte[]>failedFuture(
                        new IllegalStateException("not the leader"))
                .thenApply(answer -> answer);
        a.knows(1L, 2L);
        CompletableFuture<byte[]> answer = a.network.call(2, 7, new byte[0], PATIENCE);
        assertThatThrownBy(answer::join)
                .hasCauseInstanceOf(PeerCallException.class)
                .hasRootCauseMessage("not the leader");
    }

    @Test
    void callWhenNobodyAnswersEndsInTime() throws IOException {
        Peer a = fixture.peer(1);
        Peer b = fixture.peer(2);
        b.calls = (from, method, request) -> new CompletableFuture<>();
        a.knows(1L, 2L);
        CompletableFuture<byte[]> answer = a.network.call(2, 7, new byte[0], Duration.ofMillis(50));
        assertThatThrownBy(answer::join).hasCauseInstanceOf(PeerUnavailableException.class);
        assertThatThrownBy(() -> a.network.call(9, 7, new byte[0], PATIENCE).join())
                .hasCauseInstanceOf(PeerUnavailableException.class);
    }

    @Test
    void askWhenAMemberRunsGivesItsListOfMembers() throws Exception {
        fixture.peer(2);
        MembersCall.Answer answer = MembersCall.ask(
                List.of(new PeerAddress("127.0.0.1", 1, false), fixture.addresses.get(2L)),
                PeerSettings.DEFAULT,
                PATIENCE);
        assertThat(answer.clusterId()).isEqualTo(PeerFixture.CLUSTER);
        assertThat(answer.members()).containsExactly(4, 2);
    }
}
