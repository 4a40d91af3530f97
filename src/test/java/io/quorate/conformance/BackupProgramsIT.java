package io.quorate.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.quorate.base.Directories;
import io.quorate.fixture.ComparedEtcd;
import io.quorate.fixture.EtcdProcess;
import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.MemberProcess;
import io.quorate.fixture.ServedState;
import io.quorate.fixture.SystemCommand;
import io.quorate.fixture.TestMember;
import io.quorate.proto.PutRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random programs, as many as {@code -Dbackup.programs} says from the seed {@code -Dbackup.seed} on: what a snapshot of the state holds that a
 * program leaves here is all there in etcd, and the other way round. Each ends with some large values, so that pages overflow.
 */
class BackupProgramsIT {

    private static final int PROGRAMS = Integer.getInteger("backup.programs", 8);
    private static final long SEED = Long.getLong("backup.seed", 1);

    /** Of the snapshots of etcd, one in so many is served by a member; all others are read without one, in less time. */
    private static final int SERVED_EVERY = 20;

    private static final int REPORT_EVERY = 100;
    private static final int LARGE_BYTES_MAX = 60_000;
    private static final Map<String, String> QUICK = Map.of("heartbeat-interval", "20", "election-timeout", "200");

    @TempDir
    private Path directory;

    @Test
    void snapshotOfAMemberWhenRestoredByEtcdIsAllThere() throws IOException {
        assumeTrue(ComparedEtcd.program("etcdutl").isPresent(), "today's etcd was not built, see .ci/etcd");
        run(true);
    }

    @Test
    void snapshotOfEtcdWhenRestoredHereIsAllThere() throws IOException {
        assumeTrue(ComparedEtcd.program("etcd").isPresent(), "today's etcd was not built, see .ci/etcd");
        run(false);
    }

    private void run(boolean ours) throws IOException {
        long start = System.nanoTime();
        int ended = 0;
        LiveServer server = server(ours);
        try {
            for (int i = 0; i < PROGRAMS; i++) {
                long seed = SEED + i;
                Path scratch = Files.createDirectory(directory.resolve("program-" + seed));
                try {
                    compare(ours, server, seed, scratch);
                } catch (LiveServer.ServerEndedException e) {
                    ended++;
                    server.close();
                    server = server(ours);
                } catch (AssertionError e) {
                    throw new AssertionError("repeat by -Dbackup.seed=" + seed + " -Dbackup.programs=1: " + e, e);
                }
                Directories.delete(scratch);
                if ((i + 1) % REPORT_EVERY == 0) {
                    report(ours, i + 1, start);
                }
            }
        } finally {
            server.close();
        }
        report(ours, PROGRAMS, start);
        assertThat(ended).as("programs over which etcd ended itself").isLessThanOrEqualTo(1 + PROGRAMS / 100);
    }

    private static void report(boolean ours, int programs, long start) {
        System.out.printf(
                "BackupProgramsIT: %s, %d programs, %d s%n",
                ours ? "here to etcd" : "etcd to here",
                programs,
                Duration.ofNanos(System.nanoTime() - start).toSeconds());
    }

    private static LiveServer server(boolean ours) {
        return ours ? LiveServer.member(true) : LiveServer.etcd(true);
    }

    /** Every other program has users. */
    private void compare(boolean ours, LiveServer server, long seed, Path scratch) throws IOException {
        LongFunction<Program> programs = seed % 2 == 0 ? ProgramGenerator::program : UserPrograms::program;
        var unused = server.run(programs.apply(seed));
        putLargeValues(server.keeper(), new Dice(seed));
        SavedState saved = SavedState.of(server.keeper(), scratch.resolve("snapshot.db"));
        if (ours) {
            assertServedByEtcd(saved, scratch.resolve("restored"));
        } else if (seed % SERVED_EVERY == 0) {
            assertServedHere(saved, scratch.resolve("restored"));
        } else {
            new RestoredDatabase(scratch).assertSame(saved);
        }
    }

    private static void putLargeValues(Keeper keeper, Dice dice) {
        for (int i = dice.below(4); i > 0; i--) {
            byte[] value = new byte[dice.between(1, LARGE_BYTES_MAX)];
            for (int at = 0; at < value.length; at += 97) {
                value[at] = (byte) dice.below(256);
            }
            PutRequest put = PutRequest.newBuilder()
                    .setKey(ByteString.copyFromUtf8("large/" + dice.below(3)))
                    .setValue(ByteString.copyFrom(value))
                    .build();
            var unused = keeper.call(kv -> kv.put(put));
        }
    }

    private static void assertServedByEtcd(SavedState saved, Path data) {
        Path etcdutl = ComparedEtcd.program("etcdutl").orElseThrow();
        try (EtcdProcess etcd = new EtcdProcess(QUICK)) {
            SystemCommand.run(
                    etcdutl.toString(),
                    "snapshot",
                    "restore",
                    saved.file().toString(),
                    "--data-dir=" + data,
                    "--initial-cluster=default=" + etcd.peerUrl(),
                    "--initial-advertise-peer-urls=" + etcd.peerUrl());
            assertServed(etcd, data, saved);
        }
    }

    private static void assertServedHere(SavedState saved, Path data) throws IOException {
        try (MemberProcess member = new MemberProcess(QUICK)) {
            RestoredDatabase.restore(saved.file(), data, member.peerUrl());
            member.configure(Map.of("initial-cluster", "default=" + member.peerUrl()));
            assertServed(member, data, saved);
        }
    }

    private static void assertServed(TestMember member, Path data, SavedState saved) {
        member.launchOn(data, Map.of());
        member.awaitReady();
        try (GrpcConnection grpc = GrpcConnection.to(member)) {
            assertThat(new Keeper(grpc).withToken(ServedState::of)).isEqualTo(saved.served());
        }
    }
}
