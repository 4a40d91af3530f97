package io.quorate.api.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.quorate.base.Delays;
import io.quorate.proto.SnapshotResponse;
import io.quorate.storage.Database;
import io.quorate.storage.Family;
import io.quorate.storage.StorageSettings;
import io.quorate.storage.WriteSet;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots and clients that do not take them, on one thread, by a clock of the test. */
class SnapshotCallTests {

    private static final long STEP_NANOS = SnapshotCall.STALL.toNanos() / 2;
    private static final int VALUE_BYTES = 1 << 20;

    @TempDir
    private Path directory;

    private final Client client = new Client();
    private final Semaphore permits = new Semaphore(1);
    private long now;
    private final Delays delays = new Delays(() -> now);
    private Database database;

    /** Takes as many parts as it is allowed to. */
    private static final class Client extends ServerCallStreamObserver<SnapshotResponse> {

        private int room;
        private long bytes;
        private long remaining = -1;
        private boolean completed;
        private @Nullable Throwable failure;
        private Runnable whenReady = () -> {};
        private Runnable whenCancelled = () -> {};

        @Override
        public boolean isReady() {
            return room > 0;
        }

        @Override
        public void onNext(SnapshotResponse part) {
            room--;
            bytes += part.getBlob().size();
            remaining = part.getRemainingBytes();
        }

        @Override
        public void onError(Throwable thrown) {
            failure = thrown;
        }

        @Override
        public void onCompleted() {
            completed = true;
        }

        void take(int parts) {
            room = parts;
            whenReady.run();
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public void setOnCancelHandler(Runnable handler) {
            whenCancelled = handler;
        }

        @Override
        public void setOnReadyHandler(Runnable handler) {
            whenReady = handler;
        }

        @Override
        public void setOnReadyThreshold(int bytesMax) {}

        @Override
        public void setCompression(String compression) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void disableAutoInboundFlowControl() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void request(int count) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void setMessageCompression(boolean enable) {
            throw new UnsupportedOperationException();
        }
    }

    @BeforeEach
    void begin() {
        database = Database.open(directory.resolve("db"), StorageSettings.DEFAULTS);
        try (WriteSet set = database.newWriteSet()) {
            set.put(Family.LEASE, new byte[8], new byte[VALUE_BYTES]);
            database.write(set);
        }
        SnapshotCall call = new SnapshotCall(
                client,
                database,
                new MaintenanceService.Snapshots(permits, Runnable::run, () -> 0, delays, () -> now),
                nanos -> {});
        call.attach();
        call.begin();
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void pass() {
        now += STEP_NANOS;
        delays.poll(now);
    }

    @Test
    void clientThatTakesNothingLosesTheSnapshot() {
        client.take(1);
        for (int i = 0; i < 4; i++) {
            pass();
        }

        assertThat(Status.fromThrowable(client.failure).getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(client.failure).hasMessageContaining("took nothing of the snapshot for 60 seconds");
        assertThat(permits.availablePermits()).isOne();
        assertThat(database.uses()).isZero();
    }

    @Test
    void clientThatTakesLittleKeepsIt() {
        for (int i = 0; i < 20; i++) {
            client.take(1);
            pass();
        }

        assertThat(client.failure).isNull();
        assertThat(permits.availablePermits()).isZero();
        client.take(Integer.MAX_VALUE);
        assertThat(client.completed).isTrue();
        assertThat(client.remaining).isZero();
        assertThat(client.bytes).isGreaterThan(VALUE_BYTES);
        assertThat(permits.availablePermits()).isOne();
    }

    @Test
    void snapshotThatIsOverIsNotLookedAfter() {
        client.take(Integer.MAX_VALUE);
        for (int i = 0; i < 4; i++) {
            pass();
        }

        assertThat(client.completed).isTrue();
        assertThat(client.failure).isNull();
    }

    @Test
    void clientThatLeavesGivesThePermitBack() {
        client.take(1);
        client.whenCancelled.run();

        assertThat(permits.availablePermits()).isOne();
        assertThat(database.uses()).isZero();
    }
}
