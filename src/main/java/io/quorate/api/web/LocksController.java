package io.quorate.api.web;

import com.google.protobuf.ByteString;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.mvccpb.KeyValue;
import io.quorate.proto.v3lockpb.LockGrpc;
import io.quorate.proto.v3lockpb.LockRequest;
import io.quorate.proto.v3lockpb.LockResponse;
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

/** Locks. A lock has a name; its holder has a key below that name, which lives as long as a lease. */
@RestController
@RequestMapping("/api/v1/locks")
class LocksController {

    private static final int PLACES_MAX = 1000;

    /**
     * A wish for a lock.
     *
     * @param lease in hexadecimal; null for a new one
     * @param ttl seconds of a new one; null means 60
     * @param waitSeconds how long to wait for it, 1 to 3600; null means 30
     */
    record Wish(
            @Nullable String lease,
            @Nullable Long ttl,
            @Nullable Long waitSeconds) {}

    /** A lock that is held: {@code key} is what unlocks it. */
    record Held(String key, String keyEncoding, String lease, long revision) {}

    /** The holder of a lock, and those that wait, in their order. */
    record Queue(@Nullable KeyView holder, List<KeyView> waiting, long revision) {}

    /** Waits for a lock and takes it. */
    @Summary(
            value = "Waits for a lock and takes it.",
            status = 201,
            problems = {404, 409, 507})
    @PostMapping(path = "/{name}", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Held> lock(
            RestRequest request,
            @PathVariable String name,
            @RequestParam(required = false) @Nullable String encoding,
            @RequestBody Wish body) {
        ByteString bytes = ByteText.nameFromPath(name, encoding);
        LeaseOffer offer = LeaseOffer.of(body.lease(), body.ttl(), body.waitSeconds());
        Held held = offer.use(request, lease -> {
            LockResponse done = request.call(
                    LockGrpc.getLockMethod(),
                    LockRequest.newBuilder().setName(bytes).setLease(lease).build(),
                    offer.waitSeconds());
            KeyView.Name key = KeyView.Name.of(done.getKey());
            return new Held(
                    key.key(),
                    key.keyEncoding(),
                    Long.toHexString(lease),
                    done.getHeader().getRevision());
        });
        return ResponseEntity.status(201).body(held);
    }

    /** Tells the holder of a lock and those that wait. */
    @Summary("Tells the holder of a lock and those that wait.")
    @GetMapping("/{name}")
    Queue queue(
            RestRequest request, @PathVariable String name, @RequestParam(required = false) @Nullable String encoding) {
        ByteString below = ByteText.nameFromPath(name, encoding).concat(ByteString.copyFromUtf8("/"));
        var found = request.call(
                KVGrpc.getRangeMethod(),
                RangeRequest.newBuilder()
                        .setKey(below)
                        .setRangeEnd(ByteText.prefixEnd(below))
                        .setSortTarget(RangeRequest.SortTarget.CREATE)
                        .setSortOrder(RangeRequest.SortOrder.ASCEND)
                        .setLimit(PLACES_MAX)
                        .build());
        List<KeyValue> places = found.getKvsList();
        return new Queue(
                places.isEmpty() ? null : KeyView.of(places.getFirst()),
                places.stream().skip(1).map(KeyView::of).toList(),
                found.getHeader().getRevision());
    }

    /** Gives a lock back, by the key that its holder got, or leaves its queue; the lease stays. */
    @Summary(
            value = "Gives a lock back, by the key that its holder got, or leaves its queue; the lease stays.",
            status = 204,
            problems = 404)
    @DeleteMapping("/{key}")
    ResponseEntity<Void> unlock(
            RestRequest request, @PathVariable String key, @RequestParam(required = false) @Nullable String encoding) {
        ByteString place = ByteText.fromPath(key, encoding);
        Ownership.of(place).giveUp(request, place);
        return ResponseEntity.noContent().build();
    }
}
