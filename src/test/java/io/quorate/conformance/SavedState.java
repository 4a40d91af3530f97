package io.quorate.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.fixture.ServedState;
import io.quorate.proto.SnapshotRequest;
import io.quorate.proto.SnapshotResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A snapshot of a server, and what the server told when it was taken.
 *
 * @param file as {@code etcdctl snapshot save} leaves it
 * @param served by the server, before and behind it
 */
record SavedState(Path file, ServedState served) {

    private static final int ATTEMPTS = 20;

    /** Takes one again as long as something changes meanwhile, as when a lease expires. */
    static SavedState of(Keeper keeper, Path file) {
        ServedState before = keeper.withToken(ServedState::of);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            save(keeper, file);
            ServedState behind = keeper.withToken(ServedState::of);
            if (behind.equals(before)) {
                return new SavedState(file, before);
            }
            before = behind;
        }
        throw new AssertionError("the server never rests");
    }

    private static void save(Keeper keeper, Path file) {
        int parts = keeper.maintenance(maintenance -> {
            int received = 0;
            try (OutputStream bytes = Files.newOutputStream(file)) {
                var all = maintenance.snapshot(SnapshotRequest.getDefaultInstance());
                while (all.hasNext()) {
                    SnapshotResponse part = all.next();
                    part.getBlob().writeTo(bytes);
                    received++;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return received;
        });
        assertThat(parts).isPositive();
    }
}
