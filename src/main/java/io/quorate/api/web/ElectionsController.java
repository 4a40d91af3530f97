package io.quorate.api.web;

import com.google.protobuf.ByteString;
import io.quorate.proto.v3electionpb.CampaignRequest;
import io.quorate.proto.v3electionpb.CampaignResponse;
import io.quorate.proto.v3electionpb.ElectionGrpc;
import io.quorate.proto.v3electionpb.LeaderKey;
import io.quorate.proto.v3electionpb.LeaderRequest;
import io.quorate.proto.v3electionpb.ProclaimRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
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
import tools.jackson.databind.JsonNode;

/** Elections. The leader has a key below the name of the election, which lives as long as a lease. */
@RestController
@RequestMapping("/api/v1/elections")
class ElectionsController {

    private final Services services;
    private final StreamLimit limit;

    ElectionsController(Services services, StreamLimit limit) {
        this.services = services;
        this.limit = limit;
    }

    /**
     * A candidacy.
     *
     * @param value what the leader proclaims
     * @param lease in hexadecimal; null for a new one
     * @param ttl seconds of a new one; null means 60
     * @param waitSeconds how long to wait for it, 1 to 3600; null means 30
     */
    record Candidacy(
            @Nullable JsonNode value,
            @Nullable String encoding,
            @Nullable String lease,
            @Nullable Long ttl,
            @Nullable Long waitSeconds) {}

    /** An election that was won: what proves it. */
    record Won(String key, String keyEncoding, long createRevision, String lease, long revision) {}

    /** What a leader proclaims, with the proof that it leads. */
    record Proclamation(
            @Nullable String key,
            @Nullable String keyEncoding,
            long createRevision,
            @Nullable String lease,
            @Nullable JsonNode value,
            @Nullable String encoding) {}

    /** Waits to become the leader. */
    @Summary(
            value = "Waits to become the leader.",
            status = 201,
            problems = {404, 409, 507})
    @PostMapping(path = "/{name}", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Won> campaign(
            RestRequest request,
            @PathVariable String name,
            @RequestParam(name = "encoding", required = false) @Nullable String pathEncoding,
            @RequestBody Candidacy body) {
        ByteString bytes = ByteText.nameFromPath(name, pathEncoding);
        ByteString value =
                body.value() == null ? ByteString.EMPTY : NewValue.bytes(body.value(), body.encoding(), "value");
        LeaseOffer offer = LeaseOffer.of(body.lease(), body.ttl(), body.waitSeconds());
        Won won = offer.use(request, lease -> {
            CampaignResponse done = request.call(
                    ElectionGrpc.getCampaignMethod(),
                    CampaignRequest.newBuilder()
                            .setName(bytes)
                            .setLease(lease)
                            .setValue(value)
                            .build(),
                    offer.waitSeconds());
            KeyView.Name key = KeyView.Name.of(done.getLeader().getKey());
            return new Won(
                    key.key(),
                    key.keyEncoding(),
                    done.getLeader().getRev(),
                    Long.toHexString(lease),
                    done.getHeader().getRevision());
        });
        return ResponseEntity.status(201).body(won);
    }

    /** Tells the leader. */
    @Summary(value = "Tells the leader.", problems = 404)
    @GetMapping("/{name}")
    KeyView leader(
            RestRequest request, @PathVariable String name, @RequestParam(required = false) @Nullable String encoding) {
        return KeyView.of(request.call(
                        ElectionGrpc.getLeaderMethod(),
                        LeaderRequest.newBuilder()
                                .setName(ByteText.nameFromPath(name, encoding))
                                .build())
                .getKv());
    }

    /** Tells the leader, and what leaders proclaim from then on, as a stream of events. */
    @Summary("Tells the leader, and what leaders proclaim from then on, as a stream of events.")
    @GetMapping(path = "/{name}", params = "observe")
    void observe(
            RestRequest request,
            HttpServletRequest http,
            HttpServletResponse response,
            @PathVariable String name,
            @RequestParam String observe,
            @RequestParam(required = false) @Nullable String encoding)
            throws IOException {
        if (!Parameters.flag("observe", observe)) {
            throw Problem.field("observe", "true, or not there");
        }
        LeaderRequest election = LeaderRequest.newBuilder()
                .setName(ByteText.nameFromPath(name, encoding))
                .build();
        ObserveFeed.requireAllowed(request, election);
        limit.enter();
        new ObserveFeed(services, request, election, limit::leave).run(false, http, response);
    }

    /** Proclaims another value, as the leader. */
    @Summary(
            value = "Proclaims another value, as the leader.",
            status = 204,
            problems = {404, 409, 507})
    @PutMapping(path = "/{name}", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Void> proclaim(
            RestRequest request,
            @PathVariable String name,
            @RequestParam(name = "encoding", required = false) @Nullable String pathEncoding,
            @RequestBody Proclamation body) {
        if (body.lease() == null) {
            throw Problem.field("lease", "missing: without one the key of the leader would stay for ever");
        }
        LeaderKey leader = LeaderKey.newBuilder()
                .setName(ByteText.nameFromPath(name, pathEncoding))
                .setKey(place(body.key(), body.keyEncoding()))
                .setRev(body.createRevision())
                .setLease(Parameters.id("lease", body.lease()))
                .build();
        request.call(
                ElectionGrpc.getProclaimMethod(),
                ProclaimRequest.newBuilder()
                        .setLeader(leader)
                        .setValue(NewValue.bytes(body.value(), body.encoding(), "value"))
                        .build());
        return ResponseEntity.noContent().build();
    }

    /** Leaves the lead, or the queue. */
    @Summary(value = "Leaves the lead, or the queue.", status = 204, problems = 404)
    @DeleteMapping("/{name}")
    ResponseEntity<Void> resign(
            RestRequest request,
            @PathVariable String name,
            @RequestParam(required = false) @Nullable String encoding,
            @RequestParam(required = false) @Nullable String key,
            @RequestParam(name = "key_encoding", required = false) @Nullable String keyEncoding,
            @RequestParam(name = "create_revision") long createRevision) {
        ByteString place = place(key, keyEncoding);
        if (!place.startsWith(ByteText.nameFromPath(name, encoding).concat(ByteString.copyFromUtf8("/")))) {
            throw Problem.field("key", "not one of this election");
        }
        Ownership.of(place, createRevision).giveUp(request, place);
        return ResponseEntity.noContent().build();
    }

    private static ByteString place(@Nullable String key, @Nullable String encoding) {
        if (key == null) {
            throw Problem.field("key", "missing");
        }
        return ByteText.bytes(key, encoding, "key");
    }
}
