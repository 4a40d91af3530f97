package io.quorate.api.web;

import com.google.protobuf.ByteString;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RangeResponse;
import io.quorate.proto.mvccpb.KeyValue;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.BindParam;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Keys: everything behind the path of this controller, percent-decoded, is a key. */
@RestController
@RequestMapping("/api/v1/keys")
class KeysController {

    /**
     * How keys are read.
     *
     * @param encoding of the key in the path: text, base64 or hex
     * @param prefix whether all keys that begin so are read
     * @param revision as they were then; 0 for now
     * @param limit of one page
     * @param from where the page before said it goes on
     */
    record ReadQuery(
            @Nullable String encoding,
            @Nullable String prefix,
            @Nullable Long revision,
            @Nullable Integer limit,
            @BindParam("continue") @Nullable String from,
            @BindParam("keys_only") @Nullable String keysOnly,
            @BindParam("count_only") @Nullable String countOnly,
            @Nullable String serializable) {

        RangeRequest.Builder range() {
            return RangeRequest.newBuilder()
                    .setRevision(revision == null ? 0 : Parameters.notNegative("revision", revision))
                    .setSerializable(Parameters.flag("serializable", serializable))
                    .setKeysOnly(Parameters.flag("keys_only", keysOnly))
                    .setCountOnly(Parameters.flag("count_only", countOnly));
        }
    }

    /**
     * How a key is written.
     *
     * @param encoding of the key in the path: text, base64 or hex
     * @param lease in hexadecimal
     * @param keepLease whether the key keeps the lease it has
     */
    record WriteQuery(
            @Nullable String encoding,
            @Nullable String lease,
            @BindParam("keep_lease") @Nullable String keepLease) {}

    /** Reads a key, or the keys that begin with it. */
    @Summary(
            value = "Reads a key, or the keys that begin with it.",
            answers = {KeyView.class, KeyPage.class, KeyPage.Count.class},
            forms = {MediaType.TEXT_PLAIN_VALUE, MediaType.APPLICATION_OCTET_STREAM_VALUE},
            status = {200, 304},
            problems = {404, 410, 412})
    @GetMapping("/{key}")
    ResponseEntity<?> get(
            RestRequest request,
            @PathVariable String key,
            @ModelAttribute ReadQuery query,
            @RequestHeader HttpHeaders headers) {
        ByteString bytes = ByteText.fromPath(key, query.encoding());
        RangeRequest.Builder range = query.range();
        if (Parameters.flag("prefix", query.prefix())) {
            int limit = query.limit() == null ? KeyPage.LIMIT_USUAL : query.limit();
            return untagged(KeyPage.read(request, range, bytes, limit, query.from()), headers);
        }
        if (query.from() != null || query.limit() != null) {
            throw Problem.field(query.from() == null ? "limit" : "continue", "only with prefix");
        }
        return one(request, range.setKey(bytes).build(), headers);
    }

    private static ResponseEntity<?> untagged(Object found, HttpHeaders headers) {
        return Condition.isKnown(headers, null) ? notModified().build() : ResponseEntity.ok(found);
    }

    private static ResponseEntity.BodyBuilder notModified() {
        return ResponseEntity.status(HttpStatus.NOT_MODIFIED).header(HttpHeaders.CACHE_CONTROL, "no-cache");
    }

    private static ResponseEntity<?> one(RestRequest request, RangeRequest range, HttpHeaders headers) {
        ValueForm form = ValueForm.wanted(headers.getFirst(HttpHeaders.ACCEPT));
        RangeResponse found = request.call(KVGrpc.getRangeMethod(), range);
        long at = found.getHeader().getRevision();
        if (range.getCountOnly()) {
            return untagged(new KeyPage.Count(found.getCount(), at), headers);
        }
        if (found.getKvsCount() == 0) {
            throw Problem.notFound("no such key").with("revision", at);
        }
        KeyValue record = found.getKvs(0);
        String tag = EntityTag.of(record.getModRevision());
        if (Condition.isKnown(headers, tag)) {
            return notModified().eTag(tag).build();
        }
        return form.answer(record, at, range.getKeysOnly());
    }

    /** Writes a key. */
    @Summary(
            value = "Writes a key.",
            status = {200, 201},
            problems = {404, 412, 507})
    @PutMapping("/{key}")
    ResponseEntity<KeyWrite.Written> put(
            RestRequest request,
            @PathVariable String key,
            @ModelAttribute WriteQuery query,
            @RequestHeader HttpHeaders headers,
            @RequestBody(required = false) byte @Nullable [] body) {
        NewValue value = NewValue.of(headers.getFirst(HttpHeaders.CONTENT_TYPE), body);
        PutRequest put = PutRequest.newBuilder()
                .setKey(ByteText.fromPath(key, query.encoding()))
                .setValue(value.bytes())
                .setLease(query.lease() == null ? value.leaseId() : Parameters.id("lease", query.lease()))
                .setIgnoreLease(Parameters.flag("keep_lease", query.keepLease()))
                .build();
        return KeyWrite.put(request, put, Condition.of(headers));
    }

    /** Deletes a key, or the keys that begin with it; a dry run tells how many these are. */
    @Summary(
            value = "Deletes a key, or the keys that begin with it; a dry run tells how many these are.",
            answers = {KeyWrite.Deleted.class, KeyWrite.DryRun.class},
            problems = {404, 412})
    @DeleteMapping("/{key}")
    ResponseEntity<?> delete(
            RestRequest request,
            @PathVariable String key,
            @RequestParam(required = false) @Nullable String encoding,
            @RequestParam(required = false) @Nullable String prefix,
            @RequestParam(name = "dry_run", required = false) @Nullable String dryRun,
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestHeader HttpHeaders headers) {
        ByteString bytes = ByteText.fromPath(key, encoding);
        boolean many = Parameters.flag("prefix", prefix);
        if (Parameters.flag("dry_run", dryRun)) {
            return KeyWrite.dryRun(request, bytes, many, limit == null ? KeyWrite.DRY_RUN_KEYS_USUAL : limit);
        }
        if (limit != null) {
            throw Problem.field("limit", "only with dry_run");
        }
        DeleteRangeRequest.Builder delete = DeleteRangeRequest.newBuilder().setKey(bytes);
        if (many) {
            delete.setKey(KeyPage.first(bytes)).setRangeEnd(ByteText.prefixEnd(bytes));
        }
        return KeyWrite.delete(request, delete.build(), Condition.of(headers));
    }
}
