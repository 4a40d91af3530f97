package io.quorate.api.grpc;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.quorate.apply.Headers;
import io.quorate.proto.ResponseHeader;
import io.quorate.proto.backups.BackupStartRequest;
import io.quorate.proto.backups.BackupStartResponse;
import io.quorate.proto.backups.BackupStatusRequest;
import io.quorate.proto.backups.BackupStatusResponse;
import io.quorate.proto.backups.BackupsGrpc;
import java.time.Duration;
import java.util.function.LongSupplier;
import lombok.RequiredArgsConstructor;
import org.jspecify.annotations.Nullable;

/** The backups that members make themselves. For users with the role root. */
@RequiredArgsConstructor
public final class BackupsService extends BackupsGrpc.BackupsImplBase {

    private final Access access;
    private final @Nullable Desk desk;
    private final Headers headers;
    private final LongSupplier revision;
    private final LongSupplier appliedTerm;

    /** Where backups are made. */
    public interface Desk {

        /** How far they have come. */
        State state();

        /**
         * Asks for a full backup now.
         *
         * @return whether this member makes the backups
         */
        boolean request();
    }

    /**
     * How far backups have come.
     *
     * @param active whether this member makes them
     * @param running whether a full one or a verification is under way
     * @param revision the newest that can be restored; 0 if none is known
     * @param lag for how long what is written cannot be restored
     */
    public record State(boolean active, boolean running, long revision, Duration lag) {}

    @Override
    public void backupStatus(BackupStatusRequest request, StreamObserver<BackupStatusResponse> call) {
        access.admin(call, () -> Answers.compute(this::status, call));
    }

    private BackupStatusResponse status() {
        BackupStatusResponse.Builder status = BackupStatusResponse.newBuilder().setHeader(header());
        if (desk == null) {
            return status.build();
        }
        State state = desk.state();
        return status.setEnabled(true)
                .setActive(state.active())
                .setRunning(state.running())
                .setRestorableRevision(state.revision())
                .setLagMillis(state.lag().toMillis())
                .build();
    }

    @Override
    public void backupStart(BackupStartRequest request, StreamObserver<BackupStartResponse> call) {
        access.admin(call, () -> Answers.compute(this::start, call));
    }

    private BackupStartResponse start() {
        if (desk == null) {
            throw refusal("there are no backups: quorate.backup.to is not set");
        }
        if (!desk.request()) {
            throw refusal("the leader makes the backups: ask it");
        }
        return BackupStartResponse.newBuilder().setHeader(header()).build();
    }

    private static RuntimeException refusal(String text) {
        return Status.FAILED_PRECONDITION.withDescription("quorate: " + text).asRuntimeException();
    }

    private ResponseHeader header() {
        return headers.of(revision.getAsLong(), appliedTerm.getAsLong());
    }
}
