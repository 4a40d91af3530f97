package io.quorate.api.web;

import com.google.protobuf.ByteString;
import io.quorate.proto.WatchCreateRequest;
import io.quorate.proto.WatchCreateRequest.FilterType;
import io.quorate.proto.history.ChangesRequest;
import io.quorate.proto.history.HistoryGrpc;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Watches, as server-sent events. */
@RestController
class WatchController {

    private final Services services;
    private final StreamLimit limit;

    WatchController(Services services, StreamLimit limit) {
        this.services = services;
        this.limit = limit;
    }

    /**
     * What is watched.
     *
     * @param encoding of the key in the path: text, base64 or hex
     * @param prefix whether all keys that begin so are watched
     * @param from the first revision; 0 for the next
     * @param previous whether events tell what the key was before
     * @param only put or delete
     */
    record WatchQuery(
            @Nullable String encoding,
            @Nullable String prefix,
            @Nullable Long from,
            @Nullable String previous,
            @Nullable String only) {}

    /** Watches a key, or those that begin with it: a stream of events, which goes on behind {@code Last-Event-ID}. */
    @Summary(
            value =
                    "Watches a key, or those that begin with it: a stream of events, which goes on behind Last-Event-ID.",
            problems = 410)
    @GetMapping("/api/v1/watch/{key}")
    void watch(
            RestRequest request,
            HttpServletRequest http,
            HttpServletResponse response,
            @PathVariable String key,
            @ModelAttribute WatchQuery query,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastId)
            throws IOException {
        ByteString bytes = ByteText.fromPath(key, query.encoding());
        WatchCreateRequest.Builder create = WatchCreateRequest.newBuilder()
                .setKey(bytes)
                .setStartRevision(start(query.from() == null ? 0 : query.from(), lastId))
                .setPrevKv(Parameters.flag("previous", query.previous()))
                .setProgressNotify(true)
                .setFragment(true);
        if (Parameters.flag("prefix", query.prefix())) {
            create.setKey(KeyPage.first(bytes)).setRangeEnd(ByteText.prefixEnd(bytes));
        }
        switch (query.only() == null ? "" : query.only()) {
            case "" -> {}
            case "put" -> create.addFilters(FilterType.NODELETE);
            case "delete" -> create.addFilters(FilterType.NOPUT);
            default -> throw Problem.field("only", "put or delete");
        }
        requireKept(request, create);
        limit.enter();
        new WatchFeed(services, request, create.build(), limit::leave).run(true, http, response);
    }

    /** Refuses a beginning that is compacted before there is a stream, whose status would be fine. */
    private static void requireKept(RestRequest request, WatchCreateRequest.Builder create) {
        if (create.getStartRevision() == 0) {
            return;
        }
        ByteString first = create.getKey().isEmpty() ? ByteText.ALL : create.getKey();
        long compacted = request.call(
                        HistoryGrpc.getChangesMethod(),
                        ChangesRequest.newBuilder()
                                .setKey(first)
                                .setLimit(1)
                                .setSerializable(true)
                                .build())
                .getCompactRevision();
        if (create.getStartRevision() < compacted) {
            throw WatchFeed.compacted(compacted);
        }
    }

    private static long start(long from, @Nullable String lastId) {
        if (lastId == null || lastId.isEmpty()) {
            return Parameters.notNegative("from", from);
        }
        try {
            return Math.addExact(Parameters.notNegative("Last-Event-ID", Long.parseLong(lastId)), 1);
        } catch (NumberFormatException | ArithmeticException e) {
            throw Problem.field("Last-Event-ID", "not an id of an event of this API");
        }
    }
}
