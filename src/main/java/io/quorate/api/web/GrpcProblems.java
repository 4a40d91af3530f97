package io.quorate.api.web;

import io.grpc.Status;
import io.quorate.api.error.WireErrors;
import io.quorate.base.RequestError;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Errors of services as problems: the status that the JSON gateway gives their code, except where HTTP has a word for it. The code and the
 * exact text of etcd are told too.
 */
final class GrpcProblems {

    private static final Map<String, Integer> BY_TEXT = statuses();

    private GrpcProblems() {}

    /** Lock and Election pass on errors by their text alone, under the code UNKNOWN. */
    private static Map<String, Integer> statuses() {
        Map<String, Integer> statuses = new HashMap<>();
        for (RequestError error : RequestError.values()) {
            statuses.put(text(error), httpStatus(WireErrors.status(error).getCode()));
        }
        statuses.put(text(RequestError.COMPACTED), 410);
        statuses.put(text(RequestError.REQUEST_TOO_LARGE), 413);
        statuses.put(text(RequestError.AUTH_FAILED), 401);
        statuses.put(text(RequestError.USER_NAME_EMPTY), 401); // no login; see UsersController
        statuses.put(text(RequestError.NO_PASSWORD_USER), 401);
        statuses.put(text(RequestError.USER_NOT_FOUND), 404);
        statuses.put(text(RequestError.ROLE_NOT_FOUND), 404);
        statuses.put(text(RequestError.KEY_NOT_FOUND), 404);
        statuses.put(text(RequestError.NO_SPACE), 507);
        statuses.put("election: no leader", 404);
        statuses.put("election: not leader", 409);
        statuses.put("mutex: session is expired", 409);
        return Map.copyOf(statuses);
    }

    private static String text(RequestError error) {
        return Objects.requireNonNull(WireErrors.status(error).getDescription());
    }

    static Problem of(Status status) {
        String text = status.getDescription() == null ? "" : status.getDescription();
        Status.Code code = status.getCode();
        int http = BY_TEXT.getOrDefault(text, httpStatus(code));
        Status.Code shown = code == Status.Code.UNKNOWN || http == 401 ? ofHttp(http) : code;
        String kind = shown.name().toLowerCase(Locale.ROOT).replace('_', '-');
        Problem problem = new Problem(http, kind, title(shown), text)
                .with("grpc_code", code.value())
                .with("grpc_status", code.name());
        if (http == 401) {
            problem.header("WWW-Authenticate", "Bearer realm=\"quorate\"");
        } else if (http == 429 || http == 503) {
            problem.header("Retry-After", "1");
        }
        return problem;
    }

    /** What Lock and Election do not tell by a code of their own. */
    private static Status.Code ofHttp(int http) {
        return switch (http) {
            case 400 -> Status.Code.INVALID_ARGUMENT;
            case 401 -> Status.Code.UNAUTHENTICATED;
            case 403 -> Status.Code.PERMISSION_DENIED;
            case 404 -> Status.Code.NOT_FOUND;
            case 409 -> Status.Code.FAILED_PRECONDITION;
            case 429 -> Status.Code.RESOURCE_EXHAUSTED;
            case 503 -> Status.Code.UNAVAILABLE;
            default -> Status.Code.UNKNOWN;
        };
    }

    /** Whether a call was refused because its token does not count any more. */
    static boolean isOldToken(Status status) {
        String text = status.getDescription();
        return text != null
                && (text.equals(text(RequestError.INVALID_AUTH_TOKEN))
                        || text.equals(text(RequestError.AUTH_REVISION_OLD)));
    }

    /** Whether a call was refused because nobody logs in while authentication is off. */
    static boolean isAuthOff(Problem problem) {
        return text(RequestError.AUTH_NOT_ENABLED).equals(problem.getMessage());
    }

    private static int httpStatus(Status.Code code) {
        return switch (code) {
            case OK -> 200;
            case CANCELLED -> 499;
            case INVALID_ARGUMENT, OUT_OF_RANGE -> 400;
            case DEADLINE_EXCEEDED -> 504;
            case NOT_FOUND -> 404;
            case ALREADY_EXISTS, ABORTED, FAILED_PRECONDITION -> 409;
            case PERMISSION_DENIED -> 403;
            case UNAUTHENTICATED -> 401;
            case RESOURCE_EXHAUSTED -> 429;
            case UNIMPLEMENTED -> 501;
            case UNAVAILABLE -> 503;
            case UNKNOWN, INTERNAL, DATA_LOSS -> 500;
        };
    }

    private static String title(Status.Code code) {
        return switch (code) {
            case OK -> "No problem";
            case CANCELLED -> "The request was cancelled";
            case INVALID_ARGUMENT -> "The request is invalid";
            case OUT_OF_RANGE -> "What is asked for lies outside of what there is";
            case DEADLINE_EXCEEDED -> "The time given for the request is over";
            case NOT_FOUND -> "There is no such thing";
            case ALREADY_EXISTS, ABORTED, FAILED_PRECONDITION -> "The state does not allow it";
            case PERMISSION_DENIED -> "The user may not do that";
            case UNAUTHENTICATED -> "A user is needed";
            case RESOURCE_EXHAUSTED -> "A limit is reached";
            case UNIMPLEMENTED -> "That is not offered";
            case UNAVAILABLE -> "The member cannot serve the request now";
            case UNKNOWN, INTERNAL, DATA_LOSS -> "The member failed";
        };
    }
}
