package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemberThreadsTests {

    @TempDir
    private Path directory;

    @Test
    void areAliveWhenAThreadDiesIsFalseAndTheMemberIsTold() {
        SteppedMember member = new SteppedMember(new SteppedMember.Disk(directory));
        MemberThreads threads = member.server.threads();
        assertThat(threads.areAlive()).as("before the start").isFalse();
        threads.start();
        try {
            assertThat(threads.areAlive()).isTrue();
            member.server.scheduler().schedule(() -> {
                throw new IllegalStateException("a job that fails");
            });
            await("the end of apply").until(() -> !threads.areAlive());
            await("the report")
                    .untilAsserted(() -> assertThat(member.exits)
                            .singleElement()
                            .satisfies(cause -> assertThat(cause).hasMessage("a job that fails")));
        } finally {
            threads.stop();
            member.database.close();
        }
    }
}
