package io.quorate.node.transport;

import io.netty.buffer.ByteBuf;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.base.Stages;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How the failure of a call travels to the member that asked: a text, then the number of the error of the request. Earlier versions
 * write only the text, which is the name of the error, and pass over the number.
 */
final class CallErrors {

    /** The failure is none of a request, or one that has no number: then its name travels. */
    private static final int NONE = 0;

    private static final Map<Integer, RequestError> BY_CODE = Arrays.stream(RequestError.values())
            .filter(error -> code(error) != NONE)
            .collect(Collectors.toMap(CallErrors::code, Function.identity()));

    private static final Map<String, RequestError> BY_NAME =
            Arrays.stream(RequestError.values()).collect(Collectors.toMap(Enum::name, Function.identity()));

    private CallErrors() {}

    static void write(@Nullable Throwable failure, ByteBuf out) {
        Throwable cause = failure == null ? null : Stages.causeOf(failure);
        String text = cause == null ? "no answer" : String.valueOf(cause.getMessage());
        MessageCodec.writeBytes(text.getBytes(StandardCharsets.UTF_8), out);
        out.writeInt(cause instanceof RequestException request ? code(request.error()) : NONE);
    }

    /** What the other member failed with: a {@link RequestException} if it says which, a {@link PeerCallException} otherwise. */
    static RuntimeException read(ByteBuf in) {
        String text = new String(MessageCodec.readBytes(in), StandardCharsets.UTF_8);
        RequestError error = in.isReadable(Integer.BYTES) ? BY_CODE.get(in.readInt()) : null;
        if (error == null) {
            error = BY_NAME.get(text);
        }
        return error == null ? new PeerCallException(text) : new RequestException(error);
    }

    /** The number of an error, which never changes; a new error gets a new one. */
    static int code(RequestError error) {
        return switch (error) {
            case EMPTY_KEY -> 1;
            case KEY_NOT_FOUND -> 2;
            case VALUE_PROVIDED -> 3;
            case LEASE_PROVIDED -> 4;
            case TOO_MANY_OPERATIONS -> 5;
            case DUPLICATE_KEY -> 6;
            case INVALID_SORT_OPTION -> 7;
            case COMPACTED -> 8;
            case FUTURE_REVISION -> 9;
            case NO_SPACE -> 10;
            case CORRUPT -> 11;
            case LEASE_NOT_FOUND -> 12;
            case LEASE_EXISTS -> 13;
            case LEASE_TTL_TOO_LARGE -> 14;
            case NOT_PRIMARY_LESSOR -> 15;
            case MEMBER_NOT_FOUND -> 16;
            case MEMBER_EXISTS -> 17;
            case PEER_URL_EXISTS -> 18;
            case MEMBER_URLS_INVALID -> 19;
            case MEMBER_NOT_LEARNER -> 20;
            case LEARNER_NOT_READY -> 21;
            case TOO_MANY_LEARNERS -> 22;
            case NOT_ENOUGH_STARTED_MEMBERS -> 23;
            case UNHEALTHY_CLUSTER -> 24;
            case BAD_LEADER_TRANSFEREE -> 25;
            case LEADER_TRANSFER_TIMEOUT -> 26;
            case DOWNGRADE_VERSION_FORMAT -> 27;
            case DOWNGRADE_TARGET_INVALID -> 28;
            case DOWNGRADE_IN_PROGRESS -> 29;
            case CLUSTER_VERSION_UNKNOWN -> 30;
            case NOT_SUPPORTED_FOR_LEARNER -> 31;
            case REQUEST_TOO_LARGE -> 32;
            case TOO_MANY_REQUESTS -> 33;
            case NO_LEADER -> 34;
            case NOT_LEADER -> 35;
            case LEADER_CHANGED -> 36;
            case STOPPED -> 37;
            case TIMEOUT -> 38;
            case TIMEOUT_LEADER_FAILURE -> 39;
            case TIMEOUT_CONNECTION_LOST -> 40;
            case TIMEOUT_WAITING_APPLIED -> 41;
            case INVALID_CLIENT_API_VERSION -> 42;
            case NOT_APPLICABLE -> 43;
            case UNKNOWN_METHOD -> 44;
            default -> NONE;
        };
    }
}
