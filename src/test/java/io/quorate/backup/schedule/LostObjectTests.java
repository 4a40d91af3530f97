package io.quorate.backup.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.backup.archive.RestoreTarget;
import io.quorate.backup.schedule.BackupProgress.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Objects that somebody took out of the store: what is left is not called whole, and another backup begins. */
class LostObjectTests extends AgentCase {

    @BeforeEach
    void write() {
        member.step();
        for (int i = 0; i < 6; i++) {
            member.state.put("a", "1");
            member.interval();
        }
    }

    private List<String> objects(String kind) {
        return store.objects.keySet().stream()
                .filter(name -> name.contains("/" + kind + "/"))
                .sorted()
                .toList();
    }

    private void lose(int segment) {
        assertThat(store.objects.remove(objects("log").get(segment))).isNotNull();
    }

    @Test
    void backupWhenASegmentIsMissingIsRestoredUpToThereAndSaysSo() throws IOException {
        lose(3);
        assertThat(member.plan(new RestoreTarget.Newest()).revision()).isEqualTo(4);
        assertThat(member.plan(new RestoreTarget.Newest()).gap())
                .hasValueSatisfying(gap -> assertThat(gap).contains("revisions from 6 on", "follow on 4,"));
        assertThat(member.plan(new RestoreTarget.Revision(4)).gap()).isEmpty();
        assertThatThrownBy(member::verify).hasMessageContaining("an object between them is missing");
    }

    @Test
    void verificationWhenASegmentIsMissingFailsAndAnotherBackupBegins() throws IOException {
        verificationFailsWithout(3);
    }

    @Test
    void verificationWhenTheNewestSegmentIsMissingFailsAndAnotherBackupBegins() throws IOException {
        verificationFailsWithout(5);
    }

    private void verificationFailsWithout(int segment) throws IOException {
        lose(segment);
        member.clock.advance(Duration.ofHours(1));
        member.step();
        member.step();
        assertThat(member.progress.last(Kind.VERIFICATION).failure()).contains("an object", "is missing");
        member.clock.advance(Duration.ofMinutes(1));
        member.step();
        assertThat(member.verify().revision()).isEqualTo(member.state.revision());
    }

    @Test
    void backupWhenTheFullOneIsGoneBeginsAnew() throws IOException {
        store.objects.clear();
        member.interval();
        assertThat(objects("full")).isEmpty();
        member.clock.advance(Duration.ofMinutes(10));
        member.step();
        member.step();
        assertThat(objects("full")).hasSize(1);
        member.state.put("a", "2");
        member.interval();
        assertThat(member.verify().revision()).isEqualTo(member.state.revision());
    }
}
