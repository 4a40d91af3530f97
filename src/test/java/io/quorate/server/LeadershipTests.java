package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.raft.Ready.SoftState;
import io.quorate.raft.Role;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeadershipTests {

    private static final Duration PAUSE = SteppedMember.HEARTBEAT.multipliedBy(4);

    @TempDir
    private Path directory;

    @Test
    void ensureWhenTicksAreOnTimeAnswersAtOnce() {
        try (SteppedMember member = new SteppedMember(new SteppedMember.Disk(directory)).started()) {
            assertThat(member.leadership.ensure()).isCompletedWithValue(true);
        }
    }

    @Test
    void ensureWhenThePauseLastsAsksTheOthers() {
        try (SteppedMember member = new SteppedMember(new SteppedMember.Disk(directory)).started()) {
            member.clock.advance(PAUSE);
            var answer = member.leadership.ensure();
            assertThat(answer).isNotDone();
            member.settle();
            assertThat(answer).isCompletedWithValue(true);
        }
    }

    /** The thread of the node may be the first to wake up; its tick says nothing of what the others did meanwhile. */
    @Test
    void ensureWhenATickEndedThePauseStillAsksTheOthersUntilTheyConfirmed() {
        try (SteppedMember member = new SteppedMember(new SteppedMember.Disk(directory)).started()) {
            member.clock.advance(PAUSE);
            member.node.doWork();
            assertThat(member.node.isPaused()).isFalse();

            var answer = member.leadership.ensure();
            assertThat(answer).isNotDone();
            member.settle();

            assertThat(answer).isCompletedWithValue(true);
            assertThat(member.leadership.ensure()).as("asked once").isCompletedWithValue(true);
        }
    }

    @Test
    void ensureWhenTheLeadershipIsLostMeanwhileSaysSo() {
        try (SteppedMember member = new SteppedMember(new SteppedMember.Disk(directory)).started()) {
            member.clock.advance(PAUSE);
            var answer = member.leadership.ensure();
            member.consensusState.update(new SoftState(0, Role.FOLLOWER));
            member.settle();
            assertThat(answer).isCompletedWithValue(false);
        }
    }
}
