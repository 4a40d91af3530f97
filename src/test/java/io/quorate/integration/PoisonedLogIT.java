package io.quorate.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.protobuf.ByteString;
import io.quorate.fixture.TestCluster;
import io.quorate.fixture.TestMember;
import io.quorate.node.wal.Wal;
import io.quorate.node.wal.WalSettings;
import io.quorate.node.wal.WalSnapshot;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.raft.Entry;
import io.quorate.raft.EntryType;
import io.quorate.raft.HardState;
import io.quorate.tool.Tool;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An entry that no version can apply ends a member with a word about what to do, and that keeps everything else. */
class PoisonedLogIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int FAULT = 7;
    private static final byte[] NO_REQUEST = "not a request".getBytes(StandardCharsets.UTF_8);

    /** A field that no version knows. */
    private static final byte[] OF_A_LATER_VERSION = InternalRaftRequest.newBuilder()
            .setUnknownFields(com.google.protobuf.UnknownFieldSet.newBuilder()
                    .addField(
                            1999,
                            com.google.protobuf.UnknownFieldSet.Field.newBuilder()
                                    .addLengthDelimited(ByteString.EMPTY)
                                    .build())
                    .build())
            .build()
            .toByteArray();

    private TestCluster cluster;
    private TestMember member;

    @BeforeEach
    void startAndStop() {
        cluster = new TestCluster(1, Map.of());
        member = cluster.members().getFirst();
        assumeThat(member.isQuorate()).isTrue();
        member.start();
        cluster.grpc(member).put("before", "kept");
        member.terminate(LIMIT);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void memberWhenAnEntryIsNoRequestKeepsAllOthersOnceItIsSkipped() {
        String id = poison(NO_REQUEST);

        member.launch();
        assertThat(member.awaitExit(LIMIT).exitCode()).isEqualTo(FAULT);
        assertThat(member.output())
                .contains("is no request")
                .contains("Keep the data directory")
                .contains("quorate.skip-entries=" + id)
                .doesNotContain("remove its data directory");
        assertThat(check()).isEqualTo(1);

        member.configure(Map.of("skip-entries", id));
        member.start();
        assertThat(cluster.grpc(member).get("before").getCount()).isEqualTo(1);
        cluster.grpc(member).put("after", "served");
        member.kill();
        member.start();
        assertThat(cluster.grpc(member).get("after").getCount()).isEqualTo(1);
    }

    @Test
    void memberWhenAnEntryIsOfALaterVersionStopsInsteadOfDiverging() {
        poison(OF_A_LATER_VERSION);

        member.launch();

        assertThat(member.awaitExit(LIMIT).exitCode()).isEqualTo(FAULT);
        assertThat(member.output()).contains("unknown kind").contains("1999");
    }

    @Test
    void checkWhenTheLogIsSoundSaysSo() {
        assertThat(check()).isZero();
    }

    private int check() {
        return Tool.CHECK.run(
                List.of("check", "--data-dir=" + member.directory().resolve("data")));
    }

    /** Appends a committed entry to the log of the stopped member; gives its term and index. */
    private String poison(byte[] data) {
        Path log = member.directory().resolve("data/member/wal");
        Wal.Recovery found = Wal.open(log, newestSnapshot(log), WalSettings.DEFAULT);
        try (Wal wal = found.wal()) {
            long index = wal.lastIndex() + 1;
            long term = found.hardState().term();
            wal.append(
                    new HardState(term, found.hardState().vote(), index),
                    List.of(new Entry(term, index, EntryType.NORMAL, data)));
            wal.sync();
            return term + "/" + index;
        }
    }

    private static WalSnapshot newestSnapshot(Path log) {
        List<WalSnapshot> snapshots = Wal.snapshots(log);
        return snapshots.isEmpty() ? WalSnapshot.NONE : snapshots.getLast();
    }
}
