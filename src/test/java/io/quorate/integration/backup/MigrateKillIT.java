package io.quorate.integration.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quorate.apply.LogGate;
import io.quorate.base.Sha256;
import io.quorate.fixture.ComparedEtcd;
import io.quorate.fixture.EtcdProcess;
import io.quorate.fixture.GrpcConnection;
import io.quorate.fixture.OpenedParts;
import io.quorate.node.wal.WalInspection;
import io.quorate.node.wal.WalSettings;
import io.quorate.storage.Cursor;
import io.quorate.storage.Database;
import io.quorate.storage.Family;
import io.quorate.storage.StorageSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Migrations of a stopped etcd's directory that are killed, as often as {@code -Dmigrate.rounds} says: whenever that is, there is no member,
 * or the whole one, the same each time; and the etcd's directory stays what it was.
 */
class MigrateKillIT {

    private static final int ROUNDS = Integer.getInteger("migrate.rounds", 6);
    private static final long SEED = Long.getLong("migrate.seed", System.nanoTime());
    private static final int ROUNDS_MANY = 50;
    private static final int KEYS = 5_000;

    @TempDir
    private Path directory;

    private final OpenedParts opened = new OpenedParts();

    @AfterEach
    void close() throws Exception {
        opened.close();
    }

    @Test
    void migrationWhenKilledAtAnyTimeLeavesNoMemberOrTheWholeOne() throws Exception {
        assumeTrue(ComparedEtcd.program("etcd").isPresent(), "today's etcd was not built, see .ci/etcd");
        System.out.printf("MigrateKillIT: -Dmigrate.seed=%d%n", SEED);
        Path source = filledEtcd();
        Map<String, String> before = files(source);
        Set<String> states = new HashSet<>();
        int none = 0;
        int made = 0;
        for (boolean separateLog : new boolean[] {false, true}) {
            KilledCommand migration = new KilledCommand(
                    List.of("migrate", "--from=" + source),
                    directory.resolve("target-" + separateLog),
                    separateLog,
                    SEED,
                    (data, log) -> states.add(content(data, log)));
            migration.run(ROUNDS / 2);
            none += migration.none();
            made += migration.made();
        }
        assertThat(states).hasSize(1);
        assertThat(files(source)).isEqualTo(before);
        System.out.printf("MigrateKillIT: %d times no member, %d times the whole one%n", none, made);
        if (ROUNDS >= ROUNDS_MANY) {
            assertThat(none).isPositive();
            assertThat(made).isPositive();
        }
    }

    /** The directory of a killed one, whose log has more than its database. */
    private Path filledEtcd() {
        EtcdProcess etcd = opened.add(new EtcdProcess(Map.of()));
        etcd.start();
        try (GrpcConnection grpc = GrpcConnection.to(etcd)) {
            MigrateIT.fill(grpc);
            for (int i = 0; i < KEYS; i++) {
                grpc.put("many/" + i % (KEYS / 2), "v".repeat(200) + i);
            }
        }
        etcd.kill();
        return etcd.directory().resolve("data");
    }

    /** All records of the state, and the bounds of the log. */
    private static String content(Path data, Path log) {
        MessageDigest digest = Sha256.begin();
        try (Database database = Database.open(data.resolve("member").resolve("db"), StorageSettings.DEFAULTS)) {
            for (Family family : Family.values()) {
                digest.update(family.diskName().getBytes(StandardCharsets.UTF_8));
                try (Cursor cursor = database.cursor(family, null, null)) {
                    for (; cursor.isValid(); cursor.next()) {
                        digest.update(cursor.key());
                        digest.update(cursor.value());
                    }
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest()) + " "
                + WalInspection.of(log, WalSettings.DEFAULT, LogGate::unreadability);
    }

    private static Map<String, String> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .collect(Collectors.toMap(
                            file -> directory.relativize(file).toString(),
                            MigrateKillIT::digest,
                            (one, other) -> one,
                            TreeMap::new));
        }
    }

    private static String digest(Path file) {
        try {
            return HexFormat.of().formatHex(Sha256.begin().digest(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
