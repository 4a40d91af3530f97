package io.quorate.node.transport;

import static io.quorate.node.transport.PeerFixture.message;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.quorate.base.MonotonicClock;
import io.quorate.fixture.Steps;
import io.quorate.fixture.TestAuthority;
import io.quorate.node.transport.PeerFixture.Peer;
import io.quorate.raft.ConfState;
import io.quorate.raft.Message;
import io.quorate.raft.MessageType;
import io.quorate.raft.Snapshot;
import io.quorate.tls.Credentials;
import io.quorate.tls.Handshakes;
import io.quorate.tls.TlsHandlers;
import io.quorate.tls.TlsRules;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The lanes of members over mutual TLS. */
class PeerTlsTests {

    private static final Duration PATIENCE = Duration.ofDays(1);
    private static final TestAuthority AUTHORITY = new TestAuthority("members");
    private static final TestAuthority OTHER = new TestAuthority("others");
    private static final TlsRules RULES = TlsRules.DEFAULT
            .withDemandsCertificate(true)
            .withAllowedNames(Set.of("member"))
            .withHandshakeTimeout(Duration.ofDays(1));

    private final PeerFixture fixture = new PeerFixture();
    private final Handshakes handshakes = new Handshakes("peer", MonotonicClock.SYSTEM);

    @AfterEach
    void close() {
        fixture.close();
        handshakes.close();
    }

    private Peer peer(long id, TestAuthority authority, String name) throws Exception {
        return peer(id, authority, name, PeerReceivers.NONE.snapshots());
    }

    private Peer peer(long id, TestAuthority authority, String name, SnapshotSink snapshots) throws Exception {
        Credentials credentials = authority.issue(name, "127.0.0.1").credentials(authority);
        return fixture.peer(
                id,
                PeerFixture.CLUSTER,
                PeerSettings.DEFAULT
                        .withTiming(PeerFixture.TIMING)
                        .withAccepting(TlsHandlers.accepting(RULES, handshakes, credentials))
                        .withDialling(TlsHandlers.dialling(RULES, handshakes, credentials)),
                snapshots);
    }

    @Test
    void lanesWhenBothShowTheirCertificatesCarryMessagesAndCalls() throws Exception {
        Peer a = peer(1, AUTHORITY, "member");
        Peer b = peer(2, AUTHORITY, "member");
        b.calls = (from, method, request) -> CompletableFuture.completedFuture(request);
        a.knows(1L, 2L).awaitActive(2);
        a.network.send(List.of(message(MessageType.APP, 1, 2, 7), message(MessageType.HEARTBEAT, 1, 2, 8)));
        Steps.until(() -> b.received.size() == 2);
        assertThat(a.network.call(2, 1, new byte[] {5}, PATIENCE).join()).containsExactly(5);
        assertThat(handshakes.failures()).isZero();
    }

    @Test
    void stateWhenSentOverTlsArrivesWhole(@TempDir Path directory) throws Exception {
        Peer a = peer(1, AUTHORITY, "member");
        peer(2, AUTHORITY, "member", new PeerFixture.States(directory));
        Path folder = Files.createDirectory(directory.resolve("outgoing"));
        byte[] content = new byte[3 << 20];
        content[1 << 20] = 1;
        Files.write(folder.resolve("file"), content);
        a.knows(1L, 2L).awaitActive(2);
        Message announcement = message(MessageType.SNAP, 1, 2, 0).toBuilder()
                .snapshot(new Snapshot(9, 1, ConfState.ofVoters(List.of(1L, 2L)), new byte[0]))
                .build();
        a.network.sendState(announcement, folder).join();
        assertThat(directory.resolve("incoming-1").resolve("file")).hasBinaryContent(content);
    }

    @Test
    void connectWhenCertificateIsNotOfTheClusterIsRefusedAndCounted() throws Exception {
        Peer a = peer(1, AUTHORITY, "member");
        peer(2, OTHER, "member").knows(1L, 2L);
        peer(3, AUTHORITY, "stranger").knows(1L, 3L);
        Steps.until(() -> handshakes.failures() >= 4);
        assertThat(a.received).isEmpty();
        assertThat(a.network.activeCount()).isZero();
    }

    private static ListAppender<ILoggingEvent> logOf(Class<?> type) {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        ((Logger) LoggerFactory.getLogger(type)).addAppender(lines);
        return lines;
    }

    @Test
    void connectWhenTheOtherHasAForeignCertificateNamesItAndTheCause() throws Exception {
        ListAppender<ILoggingEvent> dialler = logOf(PeerReach.class);
        ListAppender<ILoggingEvent> port = logOf(Handshakes.class);
        try {
            peer(1, AUTHORITY, "stranger");
            peer(2, AUTHORITY, "member").knows(1L, 2L);
            Steps.untilAsserted(() -> assertThat(List.copyOf(dialler.list))
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .anySatisfy(line -> assertThat(line)
                            .contains("the certificate of CN=stranger, issued by CN=members, is refused:")
                            .contains("the common name [stranger] is not allowed")
                            .doesNotContain("OpenSslException", "error:")));
            fixture.addresses.remove(1L);
            peer(3, AUTHORITY, "member");
            peer(4, OTHER, "member").knows(3L, 4L);
            Steps.untilAsserted(() -> assertThat(List.copyOf(dialler.list))
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .anySatisfy(line -> assertThat(line)
                            .contains("the certificate of CN=member, issued by CN=members, is refused:")));
            Steps.untilAsserted(() -> assertThat(List.copyOf(port.list))
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .anySatisfy(line -> assertThat(line).contains("the other side refused the certificate: ")));
        } finally {
            ((Logger) LoggerFactory.getLogger(Dialer.class)).detachAppender(dialler);
            ((Logger) LoggerFactory.getLogger(Handshakes.class)).detachAppender(port);
        }
    }

    @Test
    void connectWhenInClearTextIsRefused() throws Exception {
        Peer a = peer(1, AUTHORITY, "member");
        Peer clear = fixture.peer(2);
        fixture.addresses.put(
                1L, new PeerAddress("127.0.0.1", fixture.address(1).port(), false));
        clear.knows(1L, 2L);
        Steps.until(() -> handshakes.failures() > 0);
        assertThat(a.received).isEmpty();
    }

    @Test
    void connectWhenNothingIsSaidIsNotCounted() throws Exception {
        peer(1, AUTHORITY, "member");
        Peer b = peer(2, AUTHORITY, "member");
        try (Socket silent = new Socket()) {
            silent.connect(new InetSocketAddress("127.0.0.1", fixture.address(1).port()));
        }
        b.knows(1L, 2L).awaitActive(1); // accepted after the silent one
        assertThat(handshakes.failures()).isZero();
    }
}
