package io.quorate.integration.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.StatusRuntimeException;
import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.TestCluster;
import io.quorate.fixture.TestMember;
import io.quorate.fixture.WatchSession;
import io.quorate.proto.HashKVRequest;
import io.quorate.proto.MemberAddRequest;
import io.quorate.proto.MemberRemoveRequest;
import io.quorate.proto.RangeRequest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/**
 * One byte in a database is another one after a restart. The member may refuse to start, stop, or refuse to read, but it
 * must not say anything that the others would not say. Then it is replaced as docs/operations.md tells the operator:
 * removed, emptied, added.
 */
final class FlippedByte implements Fault {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String REFUSAL = "refused: ";

    private final TestCluster cluster;
    private final TestMember member;
    private final TestMember healthy;
    private final Random random;
    private long id;
    private String outcome = "";

    FlippedByte(Testbed testbed, TestMember member, Random random) {
        this.cluster = testbed.cluster();
        this.member = member;
        this.healthy = testbed.others(member).getFirst();
        this.random = random;
    }

    @Override
    public void begin() {
        id = cluster.status(member).getHeader().getMemberId();
        await("a table").atMost(PATIENCE).until(() -> largestTable().isPresent()); // as clients write
        member.kill();
        flip(largestTable().orElseThrow());
        member.launch();
    }

    private Optional<Path> largestTable() {
        try (Stream<Path> files = Files.walk(member.directory().resolve("data/member/db"))) {
            return files.filter(file -> file.toString().endsWith(".sst"))
                    .max(Comparator.comparingLong(file -> file.toFile().length()));
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty(); // a compaction removed a file that was listed
        }
    }

    private void flip(Path file) {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            long place = random.nextLong(bytes.length() / 2); // the records lie before the index
            bytes.seek(place);
            int before = bytes.read();
            bytes.seek(place);
            bytes.write(before ^ 1 << random.nextInt(Byte.SIZE));
            outcome = "byte " + place + " of " + bytes.length() + " flipped";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void heal() {
        outcome += servesInTime() ? ", " + compare() : ", did not serve";
        if (member.isAlive()) {
            member.kill();
        }
        replace();
    }

    private boolean servesInTime() {
        try {
            await("the damaged member").atMost(PATIENCE).until(() -> !member.isAlive() || serves());
            return member.isAlive();
        } catch (ConditionTimeoutException refuses) {
            return false;
        }
    }

    private boolean serves() {
        return answer(member, grpc -> grpc.get("any").hasHeader()).equals("true");
    }

    private String compare() {
        long revision = cluster.grpc(healthy).get("any").getHeader().getRevision();
        RangeRequest all = RangeRequest.newBuilder()
                .setKey(WatchSession.ZERO)
                .setRangeEnd(WatchSession.ZERO)
                .setRevision(revision)
                .build();
        HashKVRequest hash = HashKVRequest.newBuilder().setRevision(revision).build();
        return compare("read", grpc -> grpc.kv().range(all).getKvsList())
                + ", "
                + compare("hash", grpc -> grpc.maintenance().hashKV(hash).getHash());
    }

    private String compare(String what, Function<GrpcConnection, Object> question) {
        String said = answer(member, question);
        if (said.startsWith(REFUSAL)) {
            return what + " refused";
        }
        assertThat(said).as("%s by damaged %s", what, member.name()).isEqualTo(answer(healthy, question));
        return what + " unharmed";
    }

    private String answer(TestMember asked, Function<GrpcConnection, Object> question) {
        try {
            cluster.grpc(asked).channel().resetConnectBackoff();
            return question.apply(cluster.grpc(asked)).toString();
        } catch (StatusRuntimeException refused) {
            return REFUSAL + refused.getStatus();
        }
    }

    private void replace() {
        await("removal")
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(StatusRuntimeException.class)
                .until(() -> cluster.grpc(healthy)
                        .cluster()
                        .memberRemove(MemberRemoveRequest.newBuilder().setID(id).build())
                        .hasHeader());
        member.loseData();
        await("addition")
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(StatusRuntimeException.class)
                .until(() -> cluster.grpc(healthy)
                        .cluster()
                        .memberAdd(MemberAddRequest.newBuilder()
                                .addPeerURLs(member.peerUrl())
                                .build())
                        .hasHeader());
        member.configure(Map.of("initial-cluster-state", "existing")).launch();
    }

    @Override
    public String toString() {
        return "damaged: " + member.name() + " " + outcome;
    }
}
