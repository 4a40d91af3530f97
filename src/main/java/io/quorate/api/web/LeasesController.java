package io.quorate.api.web;

import io.quorate.proto.LeaseGrantRequest;
import io.quorate.proto.LeaseGrantResponse;
import io.quorate.proto.LeaseGrpc;
import io.quorate.proto.LeaseKeepAliveRequest;
import io.quorate.proto.LeaseKeepAliveResponse;
import io.quorate.proto.LeaseLeasesRequest;
import io.quorate.proto.LeaseRevokeRequest;
import io.quorate.proto.LeaseTimeToLiveRequest;
import io.quorate.proto.LeaseTimeToLiveResponse;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Leases. Ids are in hexadecimal, as etcd's tools show them. */
@RestController
@RequestMapping("/api/v1/leases")
class LeasesController {

    /**
     * A new lease.
     *
     * @param ttl seconds
     * @param id null for one that the member chooses
     */
    record NewLease(@Nullable Long ttl, @Nullable String id) {}

    /**
     * A lease.
     *
     * @param ttl seconds that are left
     * @param granted seconds it was granted for
     */
    record LeaseView(
            String id,
            long ttl,
            @Nullable Long granted,
            @Nullable List<KeyView.Name> keys) {}

    /** Ids of all leases. */
    record LeaseList(List<String> leases, long revision) {}

    /** Grants a lease. */
    @Summary(
            value = "Grants a lease.",
            status = 201,
            problems = {409, 507})
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<LeaseView> grant(RestRequest request, @RequestBody NewLease body) {
        if (body.ttl() == null) {
            throw Problem.field("ttl", "missing");
        }
        LeaseGrantResponse granted = request.call(
                LeaseGrpc.getLeaseGrantMethod(),
                LeaseGrantRequest.newBuilder()
                        .setTTL(Parameters.positive("ttl", body.ttl()))
                        .setID(Parameters.id("id", body.id()))
                        .build());
        String id = Long.toHexString(granted.getID());
        return ResponseEntity.created(URI.create("/api/v1/leases/" + id))
                .body(new LeaseView(id, granted.getTTL(), granted.getTTL(), null));
    }

    /** Lists leases. */
    @Summary("Lists leases.")
    @GetMapping
    LeaseList list(RestRequest request) {
        var found = request.call(LeaseGrpc.getLeaseLeasesMethod(), LeaseLeasesRequest.getDefaultInstance());
        List<String> ids = found.getLeasesList().stream()
                .map(lease -> Long.toHexString(lease.getID()))
                .toList();
        return new LeaseList(ids, found.getHeader().getRevision());
    }

    /** Tells of a lease. */
    @Summary(value = "Tells of a lease.", problems = 404)
    @GetMapping("/{id}")
    LeaseView get(RestRequest request, @PathVariable String id, @RequestParam(required = false) @Nullable String keys) {
        boolean withKeys = Parameters.flag("keys", keys);
        LeaseTimeToLiveResponse found = request.call(
                LeaseGrpc.getLeaseTimeToLiveMethod(),
                LeaseTimeToLiveRequest.newBuilder()
                        .setID(Parameters.id("id", id))
                        .setKeys(withKeys)
                        .build());
        if (found.getTTL() < 0) {
            throw noLease();
        }
        List<KeyView.Name> attached =
                withKeys ? found.getKeysList().stream().map(KeyView.Name::of).toList() : null;
        return new LeaseView(Long.toHexString(found.getID()), found.getTTL(), found.getGrantedTTL(), attached);
    }

    /** Keeps a lease alive: it begins anew. */
    @Summary(value = "Keeps a lease alive: it begins anew.", problems = 404)
    @PostMapping("/{id}/keepalive")
    LeaseView keepAlive(RestRequest request, @PathVariable String id) {
        LeaseKeepAliveResponse renewed = request.call(
                LeaseGrpc.getLeaseKeepAliveMethod(),
                LeaseKeepAliveRequest.newBuilder()
                        .setID(Parameters.id("id", id))
                        .build());
        if (renewed.getTTL() <= 0) {
            throw noLease();
        }
        return new LeaseView(Long.toHexString(renewed.getID()), renewed.getTTL(), null, null);
    }

    /** Revokes a lease, and deletes its keys. */
    @Summary(value = "Revokes a lease, and deletes its keys.", status = 204, problems = 404)
    @DeleteMapping("/{id}")
    ResponseEntity<Void> revoke(RestRequest request, @PathVariable String id) {
        request.call(
                LeaseGrpc.getLeaseRevokeMethod(),
                LeaseRevokeRequest.newBuilder().setID(Parameters.id("id", id)).build());
        return ResponseEntity.noContent().build();
    }

    private static Problem noLease() {
        return Problem.notFound("etcdserver: requested lease not found");
    }
}
