package io.quorate.backup.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.backup.archive.RestoreTarget;
import io.quorate.backup.archive.Seal;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Backups of members whose key file was exchanged. */
class ExchangedKeyTests extends AgentCase {

    private AgentFixture with(String digit) throws IOException {
        Seal seal = Seal.of(Files.writeString(directory.resolve("key-" + digit), digit.repeat(64)));
        return new AgentFixture(member.state, store, directory, member.now(), seal);
    }

    @Test
    void backupWhenTheKeyIsExchangedBeginsAnewAndLeavesTheOldOne() throws IOException {
        member.state.put("a", "1");
        AgentFixture old = with("1");
        old.step();
        long before = member.state.put("a", "2");
        old.interval();
        AgentFixture exchanged = with("2");
        exchanged.step();
        assertThat(count("full")).isEqualTo(2);
        assertThat(old.listing().newestOfOtherSeals())
                .hasValueSatisfying(newest -> assertThat(newest).isEqualTo(fullOf(exchanged)));
        for (int day = 0; day < 9; day++) {
            member.state.put("a", "later");
            exchanged.clock.advance(Duration.ofDays(1));
            exchanged.step();
        }
        assertThat(exchanged.verify().revision()).isEqualTo(member.state.revision());
        assertThat(old.plan(new RestoreTarget.Newest()).revision()).isEqualTo(before);
        assertThat(old.listing().fulls()).hasSize(1);
        assertThat(exchanged.listing().fulls()).hasSizeLessThan(6);
    }

    private static Instant fullOf(AgentFixture one) {
        try {
            return one.listing().fulls().getLast().time();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
