package io.quorate.node.transport;

import static io.quorate.fixture.Expected.present;
import static io.quorate.node.transport.PeerFixture.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.fixture.Steps;
import io.quorate.node.transport.PeerFixture.Peer;
import io.quorate.raft.ConfState;
import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import io.quorate.raft.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** States on their way from one member to another. */
class StateTransferTests {

    private static final int FILE_BYTES = 700_000;
    private static final int WHOLE_AND_HALF = FILE_BYTES * 3 / 2;

    private final PeerFixture fixture = new PeerFixture();

    @TempDir
    private Path directory;

    private Path outgoing;
    private PeerFixture.States states;

    @BeforeEach
    void prepare() throws IOException {
        outgoing = Files.createDirectory(directory.resolve("outgoing"));
        states = new PeerFixture.States(directory);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private Peer sender() throws IOException {
        return fixture.peer(1).knows(1L, 2L);
    }

    private Peer receiver(PeerTiming timing) throws IOException {
        return fixture.peer(2, PeerFixture.CLUSTER, PeerSettings.DEFAULT.withTiming(timing), states);
    }

    /** The receiver behind a proxy that cuts connections in the middle of the second file. */
    private CuttingProxy receiverBehindProxy(PeerTiming timing, int cuts) throws IOException {
        receiver(timing);
        CuttingProxy proxy = new CuttingProxy(fixture.address(2).port(), cuts, WHOLE_AND_HALF);
        fixture.addresses.put(2L, proxy.address());
        return proxy;
    }

    private byte[] file(String name) throws IOException {
        byte[] content = new byte[FILE_BYTES];
        new Random(name.hashCode()).nextBytes(content);
        Files.write(outgoing.resolve(name), content);
        return content;
    }

    private static Message announcement() {
        return message(MessageType.SNAP, 1, 2, 0).toBuilder()
                .snapshot(new Snapshot(30, 3, ConfState.ofVoters(List.of(1L, 2L)), new byte[0]))
                .build();
    }

    @Test
    void sendStateWhenReceivedGivesTheSameFiles() throws IOException {
        receiver(PeerFixture.TIMING);
        byte[] large = file("000012.sst");
        Files.write(outgoing.resolve("CURRENT"), new byte[0]);
        Files.writeString(outgoing.resolve("LOCK"), "not part of it");
        Peer sender = sender();
        sender.network.sendState(announcement(), outgoing).join();
        Path received = directory.resolve("incoming-1");
        assertThat(states.arrived).containsOnlyKeys(received);
        assertThat(present(present(states.arrived.get(received)).snapshot()).index())
                .isEqualTo(30);
        assertThat(received.resolve("000012.sst")).hasBinaryContent(large);
        assertThat(received.resolve("CURRENT")).isEmptyFile();
        assertThat(received.resolve("LOCK")).doesNotExist();
        assertThat(sender.countersOf(2).snapshotSends().succeeded()).isEqualTo(1);
    }

    @Test
    void sendStateWhenBandwidthIsLimitedTakesAsLongAsItMust() throws IOException {
        receiver(PeerFixture.TIMING);
        file("1.sst");
        PeerSettings slow =
                PeerSettings.DEFAULT.withTiming(PeerFixture.TIMING).withSnapshotBytesPerSecond(2 * FILE_BYTES);
        Peer sender = fixture.peer(1, PeerFixture.CLUSTER, slow).knows(1L, 2L);
        long begin = System.nanoTime();
        sender.network.sendState(announcement(), outgoing).join();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(490));
    }

    @Test
    void sendStateWhenReceiverCannotTakeItFails() throws IOException {
        receiver(PeerFixture.TIMING);
        Files.createDirectories(directory.resolve("incoming-1"));
        Files.writeString(directory.resolve("incoming-1").resolve("CURRENT"), "in the way");
        Files.writeString(outgoing.resolve("CURRENT"), "new");
        CompletableFuture<Void> sent = sender().network.sendState(announcement(), outgoing);
        assertThatThrownBy(sent::join).hasCauseInstanceOf(IOException.class);
        Steps.until(() -> !states.discarded.isEmpty());
        assertThat(states.arrived).isEqualTo(Map.of());
    }

    @Test
    void sendStateWhenConnectionBreaksGoesOnWithTheFilesThatAreMissing() throws IOException {
        byte[] first = file("1.sst");
        byte[] second = file("2.sst");
        byte[] third = file("3.sst");
        try (CuttingProxy proxy = receiverBehindProxy(PeerFixture.TIMING, 1)) {
            sender().network.sendState(announcement(), outgoing).join();

            Path received = directory.resolve("incoming-1");
            assertThat(received.resolve("1.sst")).hasBinaryContent(first);
            assertThat(received.resolve("2.sst")).hasBinaryContent(second);
            assertThat(received.resolve("3.sst")).hasBinaryContent(third);
            assertThat(states.folders).hasValue(1);
            assertThat(proxy.carriedMoreThan(FILE_BYTES))
                    .hasSize(2)
                    .element(1)
                    .satisfies(bytes -> assertThat(bytes).isBetween(2L * FILE_BYTES, 3L * FILE_BYTES));
        }
        assertThat(states.discarded).isEmpty();
    }

    @Test
    void sendStateWhenNoConnectionBringsAFileAcrossFails() throws IOException {
        byte[] large = new byte[4 * FILE_BYTES];
        Files.write(outgoing.resolve("1.sst"), large);
        try (CuttingProxy proxy = receiverBehindProxy(PeerFixture.TIMING, 100)) {
            CompletableFuture<Void> sent = sender().network.sendState(announcement(), outgoing);
            assertThatThrownBy(sent::join).hasMessageContaining("no further file came across");
            assertThat(proxy.carriedMoreThan(FILE_BYTES)).hasSize(1);
        }
        assertThat(states.arrived).isEqualTo(Map.of());
    }

    @Test
    void sendStateWhenAnotherCopyFollowsABrokenOneBeginsAnew() throws IOException {
        file("1.sst");
        byte[] large = new byte[4 * FILE_BYTES];
        Files.write(outgoing.resolve("2.sst"), large);
        try (CuttingProxy proxy = receiverBehindProxy(PeerFixture.TIMING, 2)) {
            Peer sender = sender();
            CompletableFuture<Void> broken = sender.network.sendState(announcement(), outgoing);
            assertThatThrownBy(broken::join).hasMessageContaining("no further file came across");
            assertThat(states.discarded).isEmpty();

            sender.network.sendState(announcement(), outgoing).join();
            assertThat(proxy.carriedMoreThan(FILE_BYTES)).hasSize(3);
        }
        assertThat(states.discarded).hasSize(1);
        assertThat(states.arrived).hasSize(1);
    }

    @Test
    void sendStateWhenTheSenderDoesNotComeBackIsForgotten() throws IOException {
        file("1.sst");
        Files.write(outgoing.resolve("2.sst"), new byte[4 * FILE_BYTES]);
        PeerTiming impatient = new PeerTiming(
                PeerFixture.TIMING.connect(),
                PeerFixture.TIMING.ping(),
                PeerFixture.TIMING.silence(),
                PeerFixture.TIMING.backoffMin(),
                PeerFixture.TIMING.backoffMax(),
                Duration.ofMillis(10));
        try (CuttingProxy proxy = receiverBehindProxy(impatient, 100)) {
            Peer sender = sender();
            CompletableFuture<Void> sent = sender.network.sendState(announcement(), outgoing);
            assertThatThrownBy(sent::join).hasCauseInstanceOf(IOException.class);
            Steps.until(() -> !states.discarded.isEmpty());
            assertThat(proxy.carriedMoreThan(0)).isNotEmpty();
        }
        assertThat(states.arrived).isEqualTo(Map.of());
    }
}
