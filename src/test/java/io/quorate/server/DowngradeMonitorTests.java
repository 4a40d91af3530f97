package io.quorate.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.membership.Member;
import io.quorate.membership.Membership;
import io.quorate.membership.MemoryMembers;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.proto.membershippb.DowngradeInfoSetRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A leader whose cluster is taken back to 3.7. */
class DowngradeMonitorTests {

    private static final long OTHER = 0xb2;
    private static final long PERIOD = Duration.ofSeconds(5).toNanos();

    @TempDir
    private Path directory;

    private final Map<Long, String> versions = new HashMap<>();
    private SteppedMember member;

    @BeforeEach
    void beginDowngrade() {
        member = new SteppedMember(new SteppedMember.Disk(directory)).started();
        member.propose(InternalRaftRequest.newBuilder()
                .setDowngradeInfoSet(
                        DowngradeInfoSetRequest.newBuilder().setEnabled(true).setVer("3.7.0")));
    }

    @AfterEach
    void end() {
        member.close();
    }

    private DowngradeMonitor monitor(String ownVersion) {
        return monitor(member.membership, ownVersion);
    }

    private DowngradeMonitor monitor(Membership membership, String ownVersion) {
        return new DowngradeMonitor(
                membership, member.consensusState, member.proposer, ownVersion, versions::get, PERIOD);
    }

    private @Nullable String targetAfter(DowngradeMonitor monitor, long nanos) {
        monitor.poll(nanos);
        member.settle();
        return member.membership.downgradeTarget();
    }

    @Test
    void pollWhenEveryMemberRunsTheTargetEndsTheDowngrade() {
        assertThat(targetAfter(monitor("3.7.2"), 0)).isNull();
    }

    @Test
    void pollWhenThisMemberRunsAnotherReleaseWaits() {
        assertThat(targetAfter(monitor("3.8.0"), 0)).isEqualTo("3.7.0");
    }

    @Test
    void pollWhenAnotherMemberIsUnknownOrOfAnotherReleaseWaitsForIt() {
        Membership two = new MemoryMembers().open();
        two.put(Member.announced(two.localId(), "a", List.of("http://a:1"), false));
        two.put(Member.announced(OTHER, "b", List.of("http://b:1"), false));
        two.setDowngradeTarget("3.7.0");
        DowngradeMonitor monitor = monitor(two, "3.7.0");
        assertThat(targetAfter(monitor, 0)).isEqualTo("3.7.0");
        versions.put(OTHER, "3.8.1");
        assertThat(targetAfter(monitor, PERIOD)).isEqualTo("3.7.0");
        versions.put(OTHER, "3.7.1");
        assertThat(targetAfter(monitor, PERIOD + 1)).as("between two looks").isEqualTo("3.7.0");
        assertThat(targetAfter(monitor, 2 * PERIOD)).isNull();
    }
}
