package io.quorate.conformance;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.grpc.StatusRuntimeException;
import io.quorate.fixture.GrpcConnection;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RequestOp;
import io.quorate.proto.TxnRequest;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Finds out which operation of a refused transaction is the first, in their order, that the server refuses. Etcd 3.4 looks
 * at all puts before it looks at ranges, and so may name a later one. Asks the server about each operation alone, in the
 * place where it stands, so that the comparisons around it still choose the branch; nothing that is asked has an effect.
 */
final class CheckOrder {

    /** In an answer: the text of the first refusal by order, where the answer names another. */
    static final String FIELD = "first_by_order";

    private static final Set<String> PUT_REFUSALS =
            Set.of("etcdserver: key not found", "etcdserver: requested lease not found");

    /** Refused, but only after the puts: keeps a put that would be accepted from being made. */
    private static final RequestOp REFUSED = RequestOp.newBuilder()
            .setRequestRange(RangeRequest.newBuilder()
                    .setKey(ByteString.copyFromUtf8("a"))
                    .setRevision(Long.MAX_VALUE))
            .build();

    private final GrpcConnection grpc;

    CheckOrder(GrpcConnection grpc) {
        this.grpc = grpc;
    }

    /** Adds {@link #FIELD} to the answer to a request, absent if it has none that is understood, where that is due. */
    JsonNode noted(@Nullable Message request, JsonNode answer) {
        String text =
                answer.path("text").asString(answer.path("body").path("message").asString(""));
        if (!(request instanceof TxnRequest txn) || !PUT_REFUSALS.contains(text) || isMalformed(txn)) {
            return answer;
        }
        return first(txn)
                .filter(first -> !first.equals(text))
                .<JsonNode>map(first -> answer.deepCopy().asObject().put(FIELD, first))
                .orElse(answer);
    }

    /** An operation that asks for nothing is refused, with the text of a missing key, before any state is looked at. */
    private static boolean isMalformed(TxnRequest txn) {
        return Stream.concat(txn.getSuccessList().stream(), txn.getFailureList().stream())
                .anyMatch(operation -> switch (operation.getRequestCase()) {
                    case REQUEST_NOT_SET -> true;
                    case REQUEST_TXN -> isMalformed(operation.getRequestTxn());
                    default -> false;
                });
    }

    private Optional<String> first(TxnRequest txn) {
        return alone(txn).map(this::refusal).flatMap(Optional::stream).findFirst();
    }

    private Optional<String> refusal(Probe probe) {
        try {
            grpc.kv().txn(probe.txn());
            return Optional.empty();
        } catch (StatusRuntimeException e) {
            String text = String.valueOf(e.getStatus().getDescription());
            return Optional.of(text).filter(refusal -> !probe.isPut() || PUT_REFUSALS.contains(refusal));
        }
    }

    /** The transaction with one of its puts and ranges at a time; only those in the chosen branches are looked at. */
    private static Stream<Probe> alone(TxnRequest txn) {
        TxnRequest bare = txn.toBuilder().clearSuccess().clearFailure().build();
        return Stream.concat(
                txn.getSuccessList().stream()
                        .flatMap(CheckOrder::alone)
                        .map(probe -> probe.in(bare.toBuilder().addSuccess(probe.operation()))),
                txn.getFailureList().stream()
                        .flatMap(CheckOrder::alone)
                        .map(probe -> probe.in(bare.toBuilder().addFailure(probe.operation()))));
    }

    private static Stream<Probe> alone(RequestOp operation) {
        return switch (operation.getRequestCase()) {
            case REQUEST_PUT ->
                Stream.of(new Probe(
                        TxnRequest.newBuilder()
                                .addSuccess(operation)
                                .addSuccess(REFUSED)
                                .build(),
                        true));
            case REQUEST_RANGE ->
                Stream.of(
                        new Probe(TxnRequest.newBuilder().addSuccess(operation).build(), false));
            case REQUEST_TXN -> alone(operation.getRequestTxn());
            case REQUEST_DELETE_RANGE, REQUEST_NOT_SET -> Stream.empty();
        };
    }

    /** A transaction that asks about one operation. */
    private record Probe(TxnRequest txn, boolean isPut) {

        RequestOp operation() {
            return RequestOp.newBuilder().setRequestTxn(txn).build();
        }

        Probe in(TxnRequest.Builder outer) {
            return new Probe(outer.build(), isPut);
        }
    }
}
