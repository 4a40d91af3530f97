package io.quorate.api.web;

import io.quorate.proto.backups.BackupStartRequest;
import io.quorate.proto.backups.BackupStatusRequest;
import io.quorate.proto.backups.BackupStatusResponse;
import io.quorate.proto.backups.BackupsGrpc;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Backups that members make themselves. */
@RestController
@RequestMapping("/api/v1/backups")
class BackupsController {

    /**
     * How far they have come.
     *
     * @param enabled whether there are any
     * @param active whether this member makes them; if not, ask the leader
     * @param running whether a full one or a verification is under way
     * @param restorableRevision the newest that can be restored; 0 if none is known
     * @param lagMillis for how long what is written cannot be restored
     */
    record BackupView(boolean enabled, boolean active, boolean running, long restorableRevision, long lagMillis) {}

    /** Tells how far backups have come. */
    @Summary("Tells how far backups have come.")
    @GetMapping
    BackupView status(RestRequest request) {
        BackupStatusResponse status =
                request.call(BackupsGrpc.getBackupStatusMethod(), BackupStatusRequest.getDefaultInstance());
        return new BackupView(
                status.getEnabled(),
                status.getActive(),
                status.getRunning(),
                status.getRestorableRevision(),
                status.getLagMillis());
    }

    /** Asks for a full backup, which begins soon. */
    @Summary(value = "Asks for a full backup, which begins soon.", status = 202, problems = 409)
    @PostMapping
    ResponseEntity<Void> start(RestRequest request) {
        request.call(BackupsGrpc.getBackupStartMethod(), BackupStartRequest.getDefaultInstance());
        return ResponseEntity.accepted().build();
    }
}
