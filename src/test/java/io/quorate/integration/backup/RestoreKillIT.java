package io.quorate.integration.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.fixture.SmallSnapshot;
import io.quorate.mvcc.Revision;
import io.quorate.storage.Cursor;
import io.quorate.storage.Database;
import io.quorate.storage.Family;
import io.quorate.storage.StorageSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Restores that are killed, as often as {@code -Drestore.rounds} says: whenever that is, there is no member, or the whole one. */
class RestoreKillIT {

    private static final int ROUNDS = Integer.getInteger("restore.rounds", 6);
    private static final long SEED = Long.getLong("restore.seed", System.nanoTime());
    private static final int ROUNDS_MANY = 50;
    private static final int KEYS = 20_000;

    @TempDir
    private Path directory;

    @Test
    void restoreWhenKilledAtAnyTimeLeavesNoMemberOrTheWholeOne() throws Exception {
        System.out.printf("RestoreKillIT: -Drestore.seed=%d%n", SEED);
        Path snapshot =
                Files.write(directory.resolve("snapshot.db"), SmallSnapshot.withDigest(SmallSnapshot.pages(KEYS)));
        int none = 0;
        int made = 0;
        for (boolean separateLog : new boolean[] {false, true}) {
            KilledCommand restore = new KilledCommand(
                    List.of("snapshot", "restore", snapshot.toString()),
                    directory.resolve("target-" + separateLog),
                    separateLog,
                    SEED,
                    (data, log) -> checkHistory(data));
            restore.run(ROUNDS / 2);
            none += restore.none();
            made += restore.made();
        }
        System.out.printf("RestoreKillIT: %d times no member, %d times the whole one%n", none, made);
        if (ROUNDS >= ROUNDS_MANY) {
            assertThat(none).isPositive();
            assertThat(made).isPositive();
        }
    }

    /** All that the snapshot has is there, and nothing beside it. */
    private static void checkHistory(Path data) {
        long revision = 1;
        try (Database database = Database.open(data.resolve("member").resolve("db"), StorageSettings.DEFAULTS);
                Cursor history = database.cursor(Family.HISTORY, null, null)) {
            for (; history.isValid(); history.next()) {
                assertThat(Revision.parse(history.key()).main()).isEqualTo(++revision);
            }
        }
        assertThat(revision).isEqualTo(1 + KEYS);
    }
}
