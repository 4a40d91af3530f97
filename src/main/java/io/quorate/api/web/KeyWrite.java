package io.quorate.api.web;

import com.google.protobuf.ByteString;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.DeleteRangeResponse;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.PutRequest;
import io.quorate.proto.PutResponse;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RangeResponse;
import io.quorate.proto.RequestOp;
import io.quorate.proto.TxnRequest;
import io.quorate.proto.TxnResponse;
import io.quorate.proto.mvccpb.KeyValue;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;

/** Changes of keys, with or without a condition. */
final class KeyWrite {

    /** As many keys a dry run shows if nothing is said. */
    static final int DRY_RUN_KEYS_USUAL = 10;

    private KeyWrite() {}

    /** What was written. */
    record Written(String key, String keyEncoding, long modRevision) {}

    /** What was deleted. */
    record Deleted(long deleted, long revision) {}

    /** What would be deleted: how many, and the first of them. */
    record DryRun(boolean dryRun, long count, List<KeyView.Name> keys, long revision) {}

    static ResponseEntity<Written> put(RestRequest request, PutRequest put, @Nullable Condition condition) {
        if (condition == null) {
            PutResponse done = request.call(KVGrpc.getPutMethod(), put);
            return written(put.getKey(), done.getHeader().getRevision(), 200);
        }
        TxnResponse done = request.call(
                KVGrpc.getTxnMethod(),
                TxnRequest.newBuilder()
                        .addCompare(condition.ofKey(put.getKey()))
                        .addSuccess(RequestOp.newBuilder().setRequestPut(put))
                        .addFailure(RequestOp.newBuilder().setRequestRange(version(put.getKey())))
                        .build());
        if (!done.getSucceeded()) {
            throw conflict(done);
        }
        return written(put.getKey(), done.getHeader().getRevision(), condition.creates() ? 201 : 200);
    }

    private static RangeRequest version(ByteString key) {
        return RangeRequest.newBuilder().setKey(key).setKeysOnly(true).build();
    }

    private static ResponseEntity<Written> written(ByteString key, long revision, int status) {
        ByteText shown = ByteText.of(key);
        return ResponseEntity.status(status)
                .eTag(EntityTag.of(revision))
                .body(new Written(shown.text(), shown.encoding(), revision));
    }

    /** The condition does not hold; the answer tells what is there instead. */
    private static Problem conflict(TxnResponse done) {
        Problem problem = Condition.failed().with("revision", done.getHeader().getRevision());
        RangeResponse found = done.getResponses(0).getResponseRange();
        if (found.getKvsCount() == 0) {
            return problem.with("exists", false);
        }
        KeyValue current = found.getKvs(0);
        return problem.with("exists", true)
                .with("mod_revision", current.getModRevision())
                .header(HttpHeaders.ETAG, EntityTag.of(current.getModRevision()));
    }

    static ResponseEntity<Deleted> delete(
            RestRequest request, DeleteRangeRequest delete, @Nullable Condition condition) {
        boolean many = !delete.getRangeEnd().isEmpty();
        if (condition == null) {
            DeleteRangeResponse done = request.call(KVGrpc.getDeleteRangeMethod(), delete);
            return deleted(done.getDeleted(), done.getHeader().getRevision(), many);
        }
        RangeRequest failed = many
                ? RangeRequest.newBuilder()
                        .setKey(delete.getKey())
                        .setRangeEnd(delete.getRangeEnd())
                        .setSortTarget(RangeRequest.SortTarget.MOD)
                        .setSortOrder(RangeRequest.SortOrder.DESCEND)
                        .setLimit(1)
                        .setKeysOnly(true)
                        .build()
                : version(delete.getKey());
        TxnResponse done = request.call(
                KVGrpc.getTxnMethod(),
                TxnRequest.newBuilder()
                        .addCompare(
                                many
                                        ? condition.ofRange(delete.getKey(), delete.getRangeEnd())
                                        : condition.ofKey(delete.getKey()))
                        .addSuccess(RequestOp.newBuilder().setRequestDeleteRange(delete))
                        .addFailure(RequestOp.newBuilder().setRequestRange(failed))
                        .build());
        if (!done.getSucceeded()) {
            throw conflict(done);
        }
        return deleted(
                done.getResponses(0).getResponseDeleteRange().getDeleted(),
                done.getHeader().getRevision(),
                many);
    }

    private static ResponseEntity<Deleted> deleted(long count, long revision, boolean many) {
        if (count == 0 && !many) {
            throw Problem.notFound("no such key").with("revision", revision);
        }
        return ResponseEntity.ok(new Deleted(count, revision));
    }

    static ResponseEntity<DryRun> dryRun(RestRequest request, ByteString key, boolean many, int limit) {
        Parameters.within("limit", limit, 1, KeyPage.LIMIT_MAX);
        RangeRequest.Builder range =
                RangeRequest.newBuilder().setKey(key).setKeysOnly(true).setLimit(limit);
        if (many) {
            range.setKey(KeyPage.first(key)).setRangeEnd(ByteText.prefixEnd(key));
        }
        RangeResponse found = request.call(KVGrpc.getRangeMethod(), range.build());
        long revision = found.getHeader().getRevision();
        List<KeyView.Name> keys = found.getKvsList().stream()
                .map(record -> KeyView.Name.of(record.getKey()))
                .toList();
        long tag = many || found.getKvsCount() == 0 ? revision : found.getKvs(0).getModRevision();
        return ResponseEntity.ok().eTag(EntityTag.of(tag)).body(new DryRun(true, found.getCount(), keys, revision));
    }
}
