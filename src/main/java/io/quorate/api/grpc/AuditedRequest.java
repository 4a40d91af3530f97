package io.quorate.api.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.grpc.Status;
import io.quorate.apply.RangeQueries;
import io.quorate.audit.AuditRecord.Kind;
import io.quorate.audit.AuditedRange;
import io.quorate.proto.Compare;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RequestOp;
import io.quorate.proto.ResponseHeader;
import io.quorate.proto.TxnRequest;
import io.quorate.proto.WatchRequest;
import io.quorate.proto.WatchResponse;
import io.quorate.proto.history.ChangesRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the audit trail tells of a request: names and keys, never a value, a password or a token.
 *
 * @param subject the user, role or lease that it is about; null if none
 */
record AuditedRequest(Kind kind, @Nullable String subject, List<AuditedRange> ranges) {

    /** More keys of one call are counted only. */
    static final int RANGES_MAX = 64;

    private static final String AUTH = "etcdserverpb.Auth/";
    private static final Set<String> WRITES = Set.of(
            "etcdserverpb.KV/Put",
            "etcdserverpb.KV/DeleteRange",
            "etcdserverpb.KV/Txn",
            "etcdserverpb.KV/Compact",
            "etcdserverpb.Lease/LeaseGrant",
            "etcdserverpb.Lease/LeaseRevoke",
            "v3lockpb.Lock/Lock",
            "v3lockpb.Lock/Unlock",
            "v3electionpb.Election/Campaign",
            "v3electionpb.Election/Proclaim",
            "v3electionpb.Election/Resign");
    private static final Set<String> READS = Set.of(
            "etcdserverpb.KV/Range",
            "etcdserverpb.KV/RangeStream",
            "etcdserverpb.Watch/Watch",
            "etcdserverpb.Lease/LeaseTimeToLive",
            "etcdserverpb.Lease/LeaseLeases",
            "v3electionpb.Election/Leader",
            "v3electionpb.Election/Observe",
            "quoratepb.History/Changes");

    /** Fields that name what a request is about, if it has no keys. */
    private static final List<String> NAMES = List.of("name", "user", "role", "ID", "targetID");

    static AuditedRequest of(String method, Message request) {
        List<AuditedRange> ranges = new ArrayList<>();
        collect(request, ranges);
        return new AuditedRequest(kind(method), subject(request), ranges);
    }

    private static Kind kind(String method) {
        if (WRITES.contains(method)) {
            return Kind.WRITE;
        }
        if (READS.contains(method)) {
            return Kind.READ;
        }
        return method.startsWith(AUTH) ? Kind.AUTH : Kind.OTHER;
    }

    private static void collect(Message request, List<AuditedRange> ranges) {
        switch (request) {
            case PutRequest put -> ranges.add(range(put.getKey(), ByteString.EMPTY));
            case RangeRequest range -> ranges.add(range(range.getKey(), range.getRangeEnd()));
            case ChangesRequest changes -> ranges.add(range(changes.getKey(), ByteString.EMPTY));
            case DeleteRangeRequest delete -> ranges.add(range(delete.getKey(), delete.getRangeEnd()));
            case TxnRequest txn -> collect(txn, ranges);
            case WatchRequest watch -> {
                if (watch.hasCreateRequest()) {
                    ranges.add(range(
                            watch.getCreateRequest().getKey(),
                            watch.getCreateRequest().getRangeEnd()));
                }
            }
            default -> {} // names are enough
        }
    }

    private static void collect(TxnRequest txn, List<AuditedRange> ranges) {
        for (Compare compare : txn.getCompareList()) {
            ranges.add(range(compare.getKey(), compare.getRangeEnd()));
        }
        Stream.concat(txn.getSuccessList().stream(), txn.getFailureList().stream())
                .forEach(operation -> collect(operation, ranges));
    }

    private static void collect(RequestOp operation, List<AuditedRange> ranges) {
        switch (operation.getRequestCase()) {
            case REQUEST_PUT -> collect(operation.getRequestPut(), ranges);
            case REQUEST_RANGE -> collect(operation.getRequestRange(), ranges);
            case REQUEST_DELETE_RANGE -> collect(operation.getRequestDeleteRange(), ranges);
            case REQUEST_TXN -> collect(operation.getRequestTxn(), ranges);
            case REQUEST_NOT_SET -> {}
        }
    }

    private static AuditedRange range(ByteString key, ByteString end) {
        return AuditedRange.of(RangeQueries.bytes(key), RangeQueries.bytes(end));
    }

    private static @Nullable String subject(Message request) {
        StringBuilder names = new StringBuilder();
        for (String name : NAMES) {
            FieldDescriptor field = request.getDescriptorForType().findFieldByName(name);
            if (field != null && !field.isRepeated()) {
                append(names, field, request.getField(field));
            }
        }
        return names.isEmpty() ? null : names.toString();
    }

    private static void append(StringBuilder names, FieldDescriptor field, Object value) {
        String text = switch (value) {
            case String name -> name;
            case ByteString name -> name.toStringUtf8();
            case Long id -> id == 0 ? "" : Long.toHexString(id);
            default -> "";
        };
        if (!text.isEmpty()) {
            names.append(names.isEmpty() ? "" : ", ")
                    .append(field.getName())
                    .append(' ')
                    .append(text);
        }
    }

    /** The revision that an answer tells; 0 if it tells none. */
    static long revision(Message answer) {
        FieldDescriptor header = answer.getDescriptorForType().findFieldByName("header");
        return header != null && answer.getField(header) instanceof ResponseHeader told ? told.getRevision() : 0;
    }

    /** Whether a call ended because of its caller. */
    static boolean isRefusal(Status status) {
        return switch (status.getCode()) {
            case PERMISSION_DENIED, UNAUTHENTICATED -> true;
            case INVALID_ARGUMENT, UNKNOWN -> isAboutCaller(String.valueOf(status.getDescription()));
            default -> false;
        };
    }

    /** Whether a watcher was refused because of its caller. */
    static boolean isRefusal(WatchResponse answer) {
        String reason = answer.getCancelReason();
        return answer.getCreated()
                && answer.getCanceled()
                && (isAboutCaller(reason)
                        || reason.endsWith("permission denied")
                        || reason.endsWith("invalid auth token"));
    }

    private static boolean isAboutCaller(String text) {
        return text.endsWith("user name is empty")
                || text.contains("authentication failed")
                || text.endsWith("revision of auth store is old");
    }
}
