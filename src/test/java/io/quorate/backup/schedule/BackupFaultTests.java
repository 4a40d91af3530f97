package io.quorate.backup.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.backup.archive.RestoreTarget;
import io.quorate.backup.store.BackupStore;
import io.quorate.backup.store.S3StandIn;
import io.quorate.backup.store.S3StandIn.Trouble;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An agent whose bucket fails in all ways, again and again, while keys, leases and compactions go on. */
class BackupFaultTests {

    private static final int ROUNDS = 40;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void backupsWhenTheBucketFailsAgainAndAgainAreWholeInTheEnd(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        Trouble[] troubles = Trouble.values();
        try (S3StandIn bucket = new S3StandIn();
                BackupStore store = bucket.store();
                AgentFixture member = new AgentFixture(directory, store)) {
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = random.nextInt(4); i > 0; i--) {
                    bucket.next(troubles[random.nextInt(troubles.length)]);
                }
                for (int i = random.nextInt(6); i > 0; i--) {
                    long unused = random.nextInt(4) == 0
                            ? member.state.delete("k" + random.nextInt(5))
                            : member.state.put("k" + random.nextInt(5), "v" + random.nextLong());
                }
                switch (random.nextInt(8)) {
                    case 0 -> member.state.grant(random.nextInt(1, 5), 100);
                    case 1 -> member.state.revoke(random.nextInt(1, 5));
                    case 2 -> member.leads = !member.leads;
                    case 3 -> {
                        boolean unused = member.agent.request();
                    }
                    default -> {
                        // nothing else happens
                    }
                }
                member.clock.advance(Duration.ofMinutes(1));
                member.step();
            }
            bucket.quiet();
            member.leads = true;
            for (int i = 0; i < 4; i++) {
                member.clock.advance(Duration.ofMinutes(2));
                member.step();
            }
            assertThat(member.plan(new RestoreTarget.Newest()).revision()).isEqualTo(member.state.revision());
            assertThat(member.verify().witnessed()).isEqualTo(member.state.revision());
            assertThat(member.progress.lag()).isLessThan(Duration.ofSeconds(1));
        }
    }
}
