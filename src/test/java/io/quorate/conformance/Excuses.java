package io.quorate.conformance;

import com.google.protobuf.Message;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RequestOp;
import io.quorate.proto.TxnRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the installed etcd, 3.4, answers otherwise than the surface demands, which describes 3.7. Each entry turns the old
 * answer into the one of today, so that also an excused answer is compared.
 */
final class Excuses {

    private static final String NO_KEY = "etcdserver: key is not provided";

    /** Twice the limit of a message: 64 KiB, see {@link LiveServer#SETTINGS}, and 512 KiB around it. */
    private static final int JSON_READ_MAX = 2 * (64 + 512) * 1024;

    private static final List<Excuse> TABLE = List.of(
            new Excuse(
                    "unknown numbers of sort order and target were accepted, are refused",
                    "1.7 invalid sort option",
                    Excuses::sortOption),
            new Excuse("an error repeated its message as \"error\"", "3.3 errors", Excuses::errorBody),
            new Excuse("an error in a stream had other fields", "3.3 streams", Excuses::streamError),
            new Excuse("a wrong method was 405 in plain text, is 501", "3.3 errors", Excuses::wrongMethod),
            new Excuse(
                    "what is wrong with unreadable JSON was told in the words of another library",
                    "3.3 bad JSON: 400",
                    Excuses::parserText),
            new Excuse("FAILED_PRECONDITION was 412, is 400", "3.3 table of codes", Excuses::precondition),
            new Excuse("an unknown path was told in plain text", "3.3 errors", Excuses::unknownPath),
            new Excuse(
                    "a body of requests that begins badly was 500, is 400 like any bad JSON",
                    "3.3 bad JSON: 400",
                    Excuses::badStream),
            new Excuse("a body that is null counted as an empty message", "3.3 bad JSON: 400", Excuses::nullBody),
            new Excuse(
                    "an empty body of requests was answered without Grpc-Metadata-Content-Type",
                    "3.3 headers",
                    Excuses::emptyStream),
            new Excuse(
                    "a message above the limit of gRPC is refused in the words of the library",
                    "1.1 service options",
                    Excuses::libraryText),
            new Excuse(
                    "of a message far above the limit the whole size was told, now what was read until then",
                    "3.3 limits",
                    Excuses::sizeOfLarge),
            new Excuse(
                    "a txn checked all its puts before its ranges, now goes by their order",
                    "2.4 dry check",
                    Excuses::checkOrder),
            new Excuse("keys_only left the lease in, now takes it out", "2.2 (8)", Excuses::keysOnlyLease),
            new Excuse("a list was taken for bytes, is bad JSON", "3.3 bad JSON: 400", Excuses::bytesAsList),
            new Excuse(
                    "the gateway of 3.4 garbles a watch with a filter below zero",
                    "3.3 enums",
                    Excuses::negativeFilter));

    private final Map<Excuse, Integer> uses = new LinkedHashMap<>();

    Excuses() {
        TABLE.forEach(excuse -> uses.put(excuse, 0));
    }

    /** What etcd would answer today. */
    JsonNode today(Step step, JsonNode answer) {
        JsonNode result = answer;
        for (Excuse excuse : TABLE) {
            JsonNode changed = excuse.rule().today(step, result);
            if (!changed.equals(result)) {
                uses.merge(excuse, 1, Integer::sum);
                result = changed;
            }
        }
        return result;
    }

    /** How often each was needed. */
    Map<Excuse, Integer> uses() {
        return uses;
    }

    private static JsonNode sortOption(Step step, JsonNode answer) {
        String text = "etcdserver: invalid sort option";
        return switch (step) {
            case Step.Call call
            when isStrange(call.request()) && !answer.path("text").asString("").equals(NO_KEY) ->
                JsonNodeFactory.instance
                        .objectNode()
                        .put("code", "INVALID_ARGUMENT")
                        .put("text", text);
            case Step.Http http
            when isStrange(Legible.request(http))
                    && !isUnreadable(answer)
                    && !message(answer).equals(NO_KEY) -> refusal(http, answer, 400, 3, text);
            default -> answer;
        };
    }

    private static String message(JsonNode answer) {
        return answer.path("body").path("message").asString("");
    }

    /** Whether the body was no JSON, or none of such a message. */
    private static boolean isUnreadable(JsonNode answer) {
        return answer.path("body").path("code").asInt(0) == 3
                && !message(answer).startsWith("etcdserver: ");
    }

    private static boolean isStrange(@Nullable Message request) {
        return switch (request) {
            case null -> false;
            case RangeRequest range ->
                range.getSortOrder() == RangeRequest.SortOrder.UNRECOGNIZED
                        || range.getSortTarget() == RangeRequest.SortTarget.UNRECOGNIZED;
            case TxnRequest txn ->
                txn.getSuccessList().stream().anyMatch(Excuses::isStrangeOperation)
                        || txn.getFailureList().stream().anyMatch(Excuses::isStrangeOperation);
            default -> false;
        };
    }

    private static boolean isStrangeOperation(RequestOp operation) {
        return isStrange(operation.getRequestRange())
                || (operation.hasRequestTxn() && isStrange(operation.getRequestTxn()));
    }

    private static JsonNode refusal(Step step, JsonNode answer, int status, int code, String message) {
        ObjectNode refusal = answer.deepCopy().asObject();
        refusal.put("status", status);
        refusal.remove("grpc-metadata-content-type");
        refusal.put("content-type", "application/json");
        if (!(step instanceof Step.Http http) || !http.method().equals("HEAD")) { // which has no body
            refusal.putObject("body").put("code", code).put("message", message);
        }
        return refusal;
    }

    private static JsonNode errorBody(Step step, JsonNode answer) {
        JsonNode body = answer.path("body");
        if (!(step instanceof Step.Http) || !body.path("error").isString() || !body.has("message")) {
            return answer;
        }
        ObjectNode today = answer.deepCopy().asObject();
        today.path("body").asObject().remove("error");
        return today;
    }

    private static JsonNode streamError(Step step, JsonNode answer) {
        if (!answer.path("body").isArray()) {
            return answer;
        }
        ObjectNode today = answer.deepCopy().asObject();
        for (JsonNode line : today.path("body")) {
            JsonNode error = line.path("error");
            if (error.has("grpc_code")) {
                line.asObject()
                        .putObject("error")
                        .put("code", error.path("grpc_code").asInt())
                        .put("message", error.path("message").asString());
            }
        }
        return today;
    }

    private static JsonNode wrongMethod(Step step, JsonNode answer) {
        return answer.path("status").asInt() == 405 ? refusal(step, answer, 501, 12, "Method Not Allowed") : answer;
    }

    private static JsonNode parserText(Step step, JsonNode answer) {
        return isUnreadable(answer) ? withAnyMessage(answer) : answer;
    }

    private static JsonNode withAnyMessage(JsonNode answer) {
        ObjectNode today = answer.deepCopy().asObject();
        today.path("body").asObject().put("message", Difference.ANYTHING);
        return today;
    }

    private static JsonNode bytesAsList(Step step, JsonNode answer) {
        return step instanceof Step.Http http && Legible.givesListForBytes(http.body())
                ? refusal(step, answer, 400, 3, Difference.ANYTHING)
                : answer;
    }

    private static JsonNode negativeFilter(Step step, JsonNode answer) {
        return step instanceof Step.HttpWatch
                        && answer.path("first").path("error").path("grpc_code").asInt(0) == 13
                ? JsonNodeFactory.instance.stringNode(Difference.ANYTHING)
                : answer;
    }

    private static JsonNode precondition(Step step, JsonNode answer) {
        return answer.path("status").asInt() == 412
                ? answer.deepCopy().asObject().put("status", 400)
                : answer;
    }

    private static JsonNode unknownPath(Step step, JsonNode answer) {
        return answer.path("status").asInt() == 404 && answer.path("body").isString()
                ? refusal(step, answer, 404, 5, "Not Found")
                : answer;
    }

    private static JsonNode badStream(Step step, JsonNode answer) {
        return answer.path("status").asInt() == 500
                        && answer.path("body").path("code").asInt(0) == 2
                ? refusal(step, answer, 400, 3, Difference.ANYTHING)
                : answer;
    }

    private static JsonNode nullBody(Step step, JsonNode answer) {
        boolean isNull = step instanceof Step.Http http
                && http.method().equals("POST")
                && http.body().strip().equals("null");
        return isNull && !isUnknownCall(answer) ? refusal(step, answer, 400, 3, Difference.ANYTHING) : answer;
    }

    private static boolean isUnknownCall(JsonNode answer) {
        JsonNode body = answer.path("body");
        return switch (answer.path("status").asInt()) {
            case 404 -> body.isString() || message(answer).equals("Not Found");
            case 501 -> true;
            default -> false;
        };
    }

    private static JsonNode emptyStream(Step step, JsonNode answer) {
        boolean isStream = step instanceof Step.Http http && http.path().endsWith("/lease/keepalive");
        if (!isStream
                || answer.path("status").asInt() != 200
                || !answer.path("body").asString("x").isEmpty()) {
            return answer;
        }
        return answer.deepCopy().asObject().put("grpc-metadata-content-type", "application/grpc");
    }

    private static JsonNode libraryText(Step step, JsonNode answer) {
        return step instanceof Step.Call && answer.path("text").asString("").startsWith("grpc: ")
                ? answer.deepCopy().asObject().put("text", Difference.ANYTHING)
                : answer;
    }

    private static JsonNode sizeOfLarge(Step step, JsonNode answer) {
        return step instanceof Step.Http http
                        && http.body().length() > JSON_READ_MAX
                        && message(answer).startsWith("grpc: received message larger than max")
                ? withAnyMessage(answer)
                : answer;
    }

    private static JsonNode checkOrder(Step step, JsonNode answer) {
        String first = answer.path(CheckOrder.FIELD).asString("");
        if (first.isEmpty()) {
            return answer;
        }
        if (step instanceof Step.Http) {
            ObjectNode today = refusal(step, answer, 400, 11, first).asObject();
            today.remove(CheckOrder.FIELD);
            return today;
        }
        return JsonNodeFactory.instance.objectNode().put("code", "OUT_OF_RANGE").put("text", first);
    }

    private static JsonNode keysOnlyLease(Step step, JsonNode answer) {
        JsonNode today = answer.deepCopy();
        switch (step) {
            case Step.Call call -> dropLeases(call.request(), today);
            case Step.Http http when http.request() != null -> dropLeases(http.request(), today.path("body"));
            default -> {} // no range
        }
        return today;
    }

    private static void dropLeases(Message request, JsonNode response) {
        if (request instanceof RangeRequest range) {
            if (range.getKeysOnly() && range.getSortTarget() != RangeRequest.SortTarget.VALUE) {
                response.path("kvs").forEach(record -> record.asObject().remove("lease"));
            }
        } else if (request instanceof TxnRequest txn) {
            boolean succeeded = response.path("succeeded").asBoolean(false);
            List<RequestOp> operations = succeeded ? txn.getSuccessList() : txn.getFailureList();
            for (int i = 0; i < operations.size(); i++) {
                JsonNode inner = response.path("responses").path(i);
                dropLeases(operations.get(i).getRequestRange(), inner.path("response_range"));
                dropLeases(operations.get(i).getRequestTxn(), inner.path("response_txn"));
            }
        }
    }
}
