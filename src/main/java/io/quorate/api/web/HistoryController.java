package io.quorate.api.web;

import io.quorate.proto.history.ChangesRequest;
import io.quorate.proto.history.ChangesResponse;
import io.quorate.proto.history.HistoryGrpc;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What became of a key. */
@RestController
class HistoryController {

    private static final int LIMIT_MAX = 1000;

    /**
     * Changes of a key, the newest first.
     *
     * @param next as {@code continue} of the next page; null if this is the last
     * @param compactRevision changes up to it are not kept, except the one that held then
     */
    record History(
            List<ChangeView> changes,

            @com.fasterxml.jackson.annotation.JsonProperty("continue") @Nullable
            Long next,

            long compactRevision,
            long revision) {}

    /** Tells the changes of a key that are still kept. */
    @Summary("Tells the changes of a key that are still kept.")
    @GetMapping("/api/v1/history/{key}")
    History history(
            RestRequest request,
            @PathVariable String key,
            @RequestParam(required = false) @Nullable String encoding,
            @RequestParam(defaultValue = "100") int limit,
            @RequestParam(name = "continue", defaultValue = "0") long before,
            @RequestParam(required = false) @Nullable String serializable) {
        ChangesResponse found = request.call(
                HistoryGrpc.getChangesMethod(),
                ChangesRequest.newBuilder()
                        .setKey(ByteText.fromPath(key, encoding))
                        .setBefore(Parameters.notNegative("continue", before))
                        .setLimit(Parameters.within("limit", limit, 1, LIMIT_MAX))
                        .setSerializable(Parameters.flag("serializable", serializable))
                        .build());
        List<ChangeView> changes =
                found.getChangesList().stream().map(ChangeView::of).toList();
        return new History(
                changes,
                found.getMore() ? changes.getLast().revision() : null,
                found.getCompactRevision(),
                found.getHeader().getRevision());
    }
}
