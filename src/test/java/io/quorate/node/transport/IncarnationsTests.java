package io.quorate.node.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.fixture.CapturedLog;
import io.quorate.fixture.Steps;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nobody talks to a member that came back with another log than the one by which it is known. */
class IncarnationsTests {

    private final PeerFixture members = new PeerFixture();
    private PeerFixture.Peer a;
    private PeerFixture.Peer b;

    @BeforeEach
    void open() throws Exception {
        a = members.peer(1);
        b = members.peer(2);
    }

    @AfterEach
    void close() {
        members.close();
    }

    private void connect() {
        a.knows(2L);
        b.knows(1L);
    }

    @Test
    void membersWhenTheyMeetLearnTheLogsOfEachOther() {
        a.logs.own = 11;
        b.logs.own = 22;
        connect();
        a.awaitActive(2);
        b.awaitActive(1);
        assertThat(a.logs.known).containsEntry(2L, 22L);
        assertThat(b.logs.known).containsEntry(1L, 11L);
    }

    @Test
    void memberWhenItDoesNotTakePartYetIsNotCompared() {
        a.logs.known.put(2L, 21L);
        a.logs.own = 11;
        connect();
        a.awaitActive(2);
        assertThat(a.logs.known).containsEntry(2L, 21L);
    }

    @Test
    void memberWhenItDialsWithAnotherLogIsRefused() {
        a.logs.known.put(2L, 21L);
        a.logs.own = 11;
        b.logs.own = 22;
        b.knows(1L);
        Steps.until(() -> b.refusals.contains(Refusal.FORGOTTEN));
        assertThat(b.network.activeSinceNanos(1)).isZero();
        assertThat(a.logs.known).containsEntry(2L, 21L);
    }

    /** One that founded itself anew dials nobody; those that it has forgotten dial it, and tell it so. */
    @Test
    void memberWhenItIsDialledAndHasAnotherLogIsNotTalkedToAndSaysSo() {
        a.logs.known.put(2L, 21L);
        a.logs.own = 11;
        b.logs.own = 22;
        try (CapturedLog log = new CapturedLog(PeerServer.class)) {
            a.knows(2L);
            Steps.until(() -> log.lines().stream().anyMatch(line -> line.contains("knows this member by another log")));
        }
        assertThat(a.network.activeSinceNanos(2)).isZero();
    }

    /** Whatever the one that is dialled thinks of it. */
    @Test
    void memberWhenItsWelcomeHasAnotherLogIsNotTalkedTo() {
        a.logs.known.put(2L, 21L);
        b.logs.own = 22;
        try (CapturedLog log = new CapturedLog(PeerReach.class)) {
            a.knows(2L);
            Steps.until(() -> log.lines().stream().anyMatch(line -> line.contains(Refusal.FORGOTTEN.meaning())));
        }
        assertThat(a.network.activeSinceNanos(2)).isZero();
    }
}
