package io.quorate.backup.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.backup.BackedUpState;
import io.quorate.backup.archive.RestoreTarget;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of a cluster that went back to an earlier moment and on from there: its history has two branches. */
class ForkedHistoryTests extends AgentCase {

    @Test
    void historyWhenForkedBeginsAnewAndTheNewBranchCounts(@TempDir Path elsewhere) throws IOException {
        member.state.put("a", "1");
        member.step();
        member.state.put("lost", "1");
        member.state.put("lost", "2");
        member.interval();
        try (AgentFixture fork = new AgentFixture(
                new BackedUpState(elsewhere.resolve("db")),
                store,
                elsewhere,
                member.now().minusSeconds(30))) {
            fork.state.put("a", "1");
            fork.state.put("other", "1");
            fork.step();
            fork.state.put("other", "2");
            fork.state.put("other", "3");
            fork.interval();
            assertThat(count("full")).isEqualTo(2);
            assertThat(fork.verify().revision()).isEqualTo(5);
            assertThat(fork.plan(new RestoreTarget.Revision(4)).last().end().revision())
                    .isEqualTo(5);
            assertThat(fork.plan(new RestoreTarget.Revision(4)).gap()).isEmpty();
            assertThat(fork.plan(new RestoreTarget.Revision(3)).full().end().revision())
                    .isEqualTo(3);
        }
    }

    @Test
    void revisionWhenOnlyTheAbandonedBranchHasItIsRestoredWithAWarning(@TempDir Path elsewhere) throws IOException {
        for (int i = 0; i < 6; i++) {
            member.state.put("lost", "1");
        }
        member.step();
        try (AgentFixture fork = new AgentFixture(
                new BackedUpState(elsewhere.resolve("db")),
                store,
                elsewhere,
                member.now().plusSeconds(30))) {
            fork.state.put("a", "1");
            fork.step();
            fork.state.put("a", "2");
            fork.interval();
            assertThat(fork.plan(new RestoreTarget.Revision(7)).gap())
                    .hasValueSatisfying(gap -> assertThat(gap)
                            .startsWith("revision 7 is of a history that ends with revision 7 of ")
                            .contains("the newest in the backup, revision 3 of ", "does not follow on it"));
            assertThat(fork.plan(new RestoreTarget.Revision(2)).gap()).isEmpty();
            assertThat(fork.plan(new RestoreTarget.Newest()).gap()).isEmpty();
        }
    }
}
