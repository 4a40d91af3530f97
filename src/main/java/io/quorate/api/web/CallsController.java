package io.quorate.api.web;

import io.quorate.proto.inspection.CallPhase;
import io.quorate.proto.inspection.InspectionGrpc;
import io.quorate.proto.inspection.OpenStreamsRequest;
import io.quorate.proto.inspection.OpenStreamsResponse;
import io.quorate.proto.inspection.SettingsRequest;
import io.quorate.proto.inspection.SlowCall;
import io.quorate.proto.inspection.SlowCallsRequest;
import io.quorate.proto.inspection.SlowCallsResponse;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What this member does for its clients, and how it is set up. */
@RestController
@RequestMapping("/api/v1")
class CallsController {

    /** A step of a call, and how long it took. */
    record Phase(String name, long micros) {

        static Phase of(CallPhase phase) {
            return new Phase(phase.getName(), phase.getMicros());
        }
    }

    /**
     * A unary call that was slow.
     *
     * @param id as in the log; a write has the same id on every member
     * @param subject what it was about, without values
     * @param client its address
     * @param user null if there was none
     * @param code how it ended, as gRPC names it
     */
    record Slow(
            String id,
            String method,
            String subject,
            String client,
            @Nullable String user,
            String code,
            String ended,
            long durationMicros,
            List<Phase> phases,
            long receivedBytes,
            long sentBytes) {

        static Slow of(SlowCall call) {
            return new Slow(
                    call.getId(),
                    call.getMethod(),
                    call.getSubject(),
                    call.getClient(),
                    named(call.getUser()),
                    call.getCode(),
                    Instant.ofEpochMilli(call.getEndedMillis()).toString(),
                    call.getDurationMicros(),
                    call.getPhasesList().stream().map(Phase::of).toList(),
                    call.getReceivedBytes(),
                    call.getSentBytes());
        }
    }

    /**
     * Slow calls.
     *
     * @param calls the last ones, 100 at most, the newest first
     * @param total since the member started
     * @param slowerThanMicros what takes longer is slow; 0 if nothing is
     */
    record SlowList(List<Slow> calls, long total, long slowerThanMicros) {}

    /**
     * A call that goes on.
     *
     * @param client its address
     * @param user null if there is none
     * @param since when it began
     */
    record Stream(
            String method,
            String client,
            @Nullable String user,
            String since,
            long receivedBytes,
            long sentBytes,
            long sentMessages) {}

    /**
     * Calls that go on.
     *
     * @param streams 1000 at most, ordered by client
     * @param total how many there are
     */
    record StreamList(List<Stream> streams, long total) {}

    /**
     * A setting in force.
     *
     * @param value lists are separated by commas; six asterisks for a secret
     * @param origin where it was set
     * @param change when a change counts: run time or restart
     */
    record Setting(String name, String value, String origin, String change) {}

    /** All of them. */
    record SettingList(List<Setting> settings) {}

    /** Lists the last calls that were slow. */
    @Summary("Lists the last calls that were slow.")
    @GetMapping("/calls/slow")
    SlowList slow(RestRequest request) {
        SlowCallsResponse slow =
                request.call(InspectionGrpc.getSlowCallsMethod(), SlowCallsRequest.getDefaultInstance());
        return new SlowList(
                slow.getCallsList().stream().map(Slow::of).toList(), slow.getTotal(), slow.getSlowerThanMicros());
    }

    /** Lists calls that go on: watches, lease keep-alives and the like. */
    @Summary("Lists calls that go on: watches, lease keep-alives and the like.")
    @GetMapping("/calls/streams")
    StreamList streams(RestRequest request) {
        OpenStreamsResponse open =
                request.call(InspectionGrpc.getOpenStreamsMethod(), OpenStreamsRequest.getDefaultInstance());
        return new StreamList(
                open.getStreamsList().stream()
                        .map(stream -> new Stream(
                                stream.getMethod(),
                                stream.getClient(),
                                named(stream.getUser()),
                                Instant.ofEpochMilli(stream.getSinceMillis()).toString(),
                                stream.getReceivedBytes(),
                                stream.getSentBytes(),
                                stream.getSentMessages()))
                        .toList(),
                open.getTotal());
    }

    /** Lists the settings in force, without secrets. */
    @Summary("Lists the settings in force, without secrets.")
    @GetMapping("/settings")
    SettingList settings(RestRequest request) {
        return new SettingList(
                request
                        .call(InspectionGrpc.getSettingsMethod(), SettingsRequest.getDefaultInstance())
                        .getSettingsList()
                        .stream()
                        .map(each -> new Setting(each.getName(), each.getValue(), each.getOrigin(), each.getChange()))
                        .toList());
    }

    private static @Nullable String named(String user) {
        return user.isEmpty() ? null : user;
    }
}
