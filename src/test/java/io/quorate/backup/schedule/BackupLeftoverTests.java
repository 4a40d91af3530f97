package io.quorate.backup.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.backup.schedule.BackupProgress.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What members that were killed leave behind is removed, also where no full backup comes to its end. */
class BackupLeftoverTests extends AgentCase {

    @Test
    void leftoversWhenFullBackupsFailAreRemovedAllTheSame() {
        store.room = 100;
        member.state.put("a", "1".repeat(1000));
        member.step();
        assertThat(member.progress.last(Kind.FULL).failure()).contains("no space");
        assertThat(store.removedBefore).isEqualTo(member.now().minus(Duration.ofDays(1)));
    }

    @Test
    void scratchWhenAVerificationWasKilledIsRemovedByTheNextStart() throws IOException {
        Files.writeString(Files.createDirectories(member.scratch.resolve("db")).resolve("left"), "much");
        member.leads = false;
        member.step();
        assertThat(member.scratch).doesNotExist();
    }
}
