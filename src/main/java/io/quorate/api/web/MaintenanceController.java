package io.quorate.api.web;

import io.quorate.proto.AlarmRequest;
import io.quorate.proto.AlarmType;
import io.quorate.proto.CompactionRequest;
import io.quorate.proto.DefragmentRequest;
import io.quorate.proto.HashKVRequest;
import io.quorate.proto.HashKVResponse;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.MaintenanceGrpc;
import io.quorate.proto.MoveLeaderRequest;
import io.quorate.proto.StatusRequest;
import io.quorate.proto.StatusResponse;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The state of this member, and work on its store. */
@RestController
@RequestMapping("/api/v1")
class MaintenanceController {

    /**
     * What this member says of itself.
     *
     * @param leader null if it knows none
     * @param dbSizeQuota bytes; -1 without a limit
     */
    record StatusView(
            String clusterId,
            String memberId,
            String version,
            String storageVersion,
            @Nullable String leader,
            boolean learner,
            long revision,
            long raftTerm,
            long raftIndex,
            long raftAppliedIndex,
            long dbSize,
            long dbSizeInUse,
            long dbSizeQuota,
            List<String> errors) {}

    /** An alarm of a member; {@code type} is nospace or corrupt. */
    record AlarmView(String member, String type) {}

    /** All alarms. */
    record AlarmList(List<AlarmView> alarms) {}

    /**
     * What is to be dropped.
     *
     * @param revision up to which older versions go
     * @param physical whether the answer waits until they are gone from the disk
     */
    record NewCompaction(@Nullable Long revision, boolean physical) {}

    /** The revision after a change. */
    record Done(long revision) {}

    /** The leader to be. */
    record NewLeader(@Nullable String member) {}

    /** A hash of all keys as they were at {@code hashRevision}, as far as they are not compacted. */
    record Hash(long hash, long hashRevision, long compactRevision) {}

    /** Tells how this member is. */
    @Summary("Tells how this member is.")
    @GetMapping("/status")
    StatusView status(RestRequest request) {
        StatusResponse status = request.call(MaintenanceGrpc.getStatusMethod(), StatusRequest.getDefaultInstance());
        return new StatusView(
                Long.toHexString(status.getHeader().getClusterId()),
                Long.toHexString(status.getHeader().getMemberId()),
                status.getVersion(),
                status.getStorageVersion(),
                Parameters.hex(status.getLeader()),
                status.getIsLearner(),
                status.getHeader().getRevision(),
                status.getRaftTerm(),
                status.getRaftIndex(),
                status.getRaftAppliedIndex(),
                status.getDbSize(),
                status.getDbSizeInUse(),
                status.getDbSizeQuota(),
                List.copyOf(status.getErrorsList()));
    }

    /** Lists alarms. */
    @Summary("Lists alarms.")
    @GetMapping("/alarms")
    AlarmList alarms(RestRequest request) {
        return alarms(request, AlarmRequest.getDefaultInstance());
    }

    /** Ends alarms of a kind, of one member or of all, and tells which these were. */
    @Summary("Ends alarms of a kind, of one member or of all, and tells which these were.")
    @DeleteMapping("/alarms/{type}")
    AlarmList disarm(
            RestRequest request, @PathVariable String type, @RequestParam(required = false) @Nullable String member) {
        AlarmType kind = switch (type) {
            case "nospace" -> AlarmType.NOSPACE;
            case "corrupt" -> AlarmType.CORRUPT;
            case "all" -> AlarmType.NONE;
            default -> throw Problem.field("type", "nospace, corrupt or all");
        };
        return alarms(
                request,
                AlarmRequest.newBuilder()
                        .setAction(AlarmRequest.AlarmAction.DEACTIVATE)
                        .setAlarm(kind)
                        .setMemberID(Parameters.id("member", member))
                        .build());
    }

    private static AlarmList alarms(RestRequest request, AlarmRequest asked) {
        return new AlarmList(request.call(MaintenanceGrpc.getAlarmMethod(), asked).getAlarmsList().stream()
                .map(alarm -> new AlarmView(
                        Long.toHexString(alarm.getMemberID()),
                        alarm.getAlarm().name().toLowerCase(Locale.ROOT)))
                .toList());
    }

    /** Drops versions of keys that are older than a revision. */
    @Summary(value = "Drops versions of keys that are older than a revision.", problems = 410)
    @PostMapping(path = "/compaction", consumes = MediaType.APPLICATION_JSON_VALUE)
    Done compact(RestRequest request, @RequestBody NewCompaction body) {
        if (body.revision() == null) {
            throw Problem.field("revision", "missing");
        }
        return new Done(request.call(
                        KVGrpc.getCompactMethod(),
                        CompactionRequest.newBuilder()
                                .setRevision(body.revision())
                                .setPhysical(body.physical())
                                .build())
                .getHeader()
                .getRevision());
    }

    /** Rewrites the store of this member, which goes on meanwhile. */
    @Summary("Rewrites the store of this member, which goes on meanwhile.")
    @PostMapping("/defragment")
    Done defragment(RestRequest request) {
        return new Done(request.call(MaintenanceGrpc.getDefragmentMethod(), DefragmentRequest.getDefaultInstance())
                .getHeader()
                .getRevision());
    }

    /** Hands the leadership over; only the leader does. */
    @Summary(value = "Hands the leadership over; only the leader does.", status = 204, problems = 409)
    @PutMapping(path = "/leader", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Void> moveLeader(RestRequest request, @RequestBody NewLeader body) {
        long member = Parameters.id("member", body.member());
        if (member == 0) {
            throw Problem.field("member", "missing");
        }
        request.call(
                MaintenanceGrpc.getMoveLeaderMethod(),
                MoveLeaderRequest.newBuilder().setTargetID(member).build());
        return ResponseEntity.noContent().build();
    }

    /** Hashes the keys of this member; members that agree have the same. */
    @Summary(value = "Hashes the keys of this member; members that agree have the same.", problems = 410)
    @GetMapping("/hash")
    Hash hash(RestRequest request, @RequestParam(defaultValue = "0") long revision) {
        HashKVResponse hash = request.call(
                MaintenanceGrpc.getHashKVMethod(),
                HashKVRequest.newBuilder()
                        .setRevision(Parameters.notNegative("revision", revision))
                        .build());
        return new Hash(Integer.toUnsignedLong(hash.getHash()), hash.getHashRevision(), hash.getCompactRevision());
    }
}
