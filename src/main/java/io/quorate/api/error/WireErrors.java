package io.quorate.api.error;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quorate.base.Fault;
import io.quorate.base.MonotonicClock;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.base.Stages;
import io.quorate.base.Throttle;
import io.quorate.base.UnusableException;
import io.quorate.lease.LeaseException;
import io.quorate.lease.LeaseException.LeaseExistsException;
import io.quorate.lease.LeaseException.LeaseNotFoundException;
import io.quorate.lease.LeaseException.LeaseTtlTooLargeException;
import io.quorate.lease.LeaseException.NotPrimaryException;
import io.quorate.mvcc.MvccException;
import io.quorate.mvcc.MvccException.CompactedException;
import io.quorate.mvcc.MvccException.FutureRevisionException;
import io.quorate.mvcc.MvccException.LoadingException;
import java.time.Duration;
import lombok.extern.slf4j.Slf4j;

/**
 * Errors as etcd words them. Go clients recognise an error by its text, others by its code, so both are exact (docs/etcd-v3.md,
 * section 1.7). Where etcd sends code UNKNOWN by mistake, the code here is the one that its own table intends.
 */
@Slf4j
public final class WireErrors {

    /** A line for the first of the requests that meet the end of the member says it for all. */
    private static final Throttle LATE_REQUESTS = new Throttle(Duration.ofSeconds(1), MonotonicClock.SYSTEM);

    /** The beginning of texts that etcd does not have. */
    private static final String OURS = "quorate: ";

    private WireErrors() {}

    /** The status for anything that a handler failed with. */
    public static StatusRuntimeException of(Throwable failure) {
        return status(Stages.causeOf(failure)).asRuntimeException();
    }

    /** The status of a request error. */
    public static Status status(RequestError error) {
        Wire wire = wire(error);
        return wire.code().toStatus().withDescription(wire.prefix() + wire.text());
    }

    private static Status status(Throwable cause) {
        return switch (cause) {
            case RequestException request -> status(request.error());
            case MvccException mvcc -> status(requestError(mvcc));
            case LeaseException lease -> status(requestError(lease));
            case StatusRuntimeException status -> status.getStatus();
            case UnusableException unusable -> stopping(unusable);
            case Fault fault -> stopping(fault);
            case OutOfMemoryError memory -> exhausted(memory);
            default -> internal(cause);
        };
    }

    private static RequestError requestError(MvccException failure) {
        return switch (failure) {
            case CompactedException _ -> RequestError.COMPACTED;
            case FutureRevisionException _ -> RequestError.FUTURE_REVISION;
            case LoadingException _ -> RequestError.LOADING;
        };
    }

    private static RequestError requestError(LeaseException failure) {
        return switch (failure) {
            case LeaseNotFoundException _ -> RequestError.LEASE_NOT_FOUND;
            case LeaseExistsException _ -> RequestError.LEASE_EXISTS;
            case LeaseTtlTooLargeException _ -> RequestError.LEASE_TTL_TOO_LARGE;
            case NotPrimaryException _ -> RequestError.NOT_PRIMARY_LESSOR;
        };
    }

    /** The member ends because of it, or is ending anyway; its loop says why, and the client may ask another one. */
    private static Status stopping(RuntimeException cause) {
        long more = LATE_REQUESTS.admit();
        if (more != Throttle.HELD_BACK) {
            log.warn(
                    "a request came too late or met what ends the member: {}{}",
                    cause.getMessage(),
                    Throttle.more(more));
        }
        return status(RequestError.STOPPED);
    }

    /** The memory for clients is bounded, but not all of it can be counted before it is needed. */
    private static Status exhausted(OutOfMemoryError cause) {
        Stages.report("a request for which memory was lacking", cause);
        return status(RequestError.TOO_MANY_REQUESTS);
    }

    /** A defect of ours: the log gets the details, the client none. */
    private static Status internal(Throwable cause) {
        Stages.report("a request", cause);
        return Status.INTERNAL.withDescription("internal error");
    }

    private record Wire(Status.Code code, String prefix, String text) {

        Wire(Status.Code code, String text) {
            this(code, "etcdserver: ", text);
        }
    }

    /** An error of a library that etcd passes on as it is. */
    private static Wire foreign(String text) {
        return new Wire(Status.Code.UNKNOWN, "", text);
    }

    private static Wire wire(RequestError error) {
        return switch (error) {
            case EMPTY_KEY -> invalid("key is not provided");
            case KEY_NOT_FOUND -> invalid("key not found");
            case VALUE_PROVIDED -> invalid("value is provided");
            case LEASE_PROVIDED -> invalid("lease is provided");
            case TOO_MANY_OPERATIONS -> invalid("too many operations in txn request");
            case DUPLICATE_KEY -> invalid("duplicate key given in txn request");
            case INVALID_SORT_OPTION -> invalid("invalid sort option");
            case INVALID_CLIENT_API_VERSION -> invalid("invalid client api version");
            case REQUEST_TOO_LARGE -> invalid("request is too large");
            case COMPACTED -> outOfRange("mvcc: required revision has been compacted");
            case FUTURE_REVISION -> outOfRange("mvcc: required revision is a future revision");
            case LEASE_TTL_TOO_LARGE -> outOfRange("too large lease TTL");
            case NO_SPACE -> exhausted("mvcc: database space exceeded");
            case CORRUPT -> new Wire(Status.Code.DATA_LOSS, "corrupt cluster");
            case TOO_MANY_REQUESTS -> exhausted("too many requests");
            case LEASE_NOT_FOUND -> new Wire(Status.Code.NOT_FOUND, "requested lease not found");
            case MEMBER_NOT_FOUND -> new Wire(Status.Code.NOT_FOUND, "member not found");
            case MEMBER_EXISTS -> precondition("member ID already exist");
            case PEER_URL_EXISTS -> precondition("Peer URLs already exists");
            case MEMBER_URLS_INVALID -> invalid("given member URLs are invalid");
            case MEMBER_NOT_LEARNER -> precondition("can only promote a learner member");
            case LEARNER_NOT_READY -> precondition("can only promote a learner member which is in sync with leader");
            case TOO_MANY_LEARNERS -> precondition("too many learner members in cluster");
            case NOT_ENOUGH_STARTED_MEMBERS ->
                precondition("re-configuration failed due to not enough started members");
            case UNHEALTHY_CLUSTER -> unavailable("unhealthy cluster");
            case BAD_LEADER_TRANSFEREE -> precondition("bad leader transferee");
            case LEADER_TRANSFER_TIMEOUT ->
                new Wire(Status.Code.UNKNOWN, "request timed out, leader transfer took too long");
            case DOWNGRADE_VERSION_FORMAT -> invalid("wrong downgrade target version format");
            case DOWNGRADE_TARGET_INVALID -> invalid("invalid downgrade target version");
            case DOWNGRADE_IN_PROGRESS -> precondition("cluster has a downgrade job in progress");
            case CLUSTER_VERSION_UNKNOWN -> precondition("cluster version not found during downgrade");
            case NOT_SUPPORTED_FOR_LEARNER -> precondition("rpc not supported for learner");
            case LEASE_EXISTS -> precondition("lease already exists");
            case NOT_LEADER -> precondition("not leader");
            case NOT_PRIMARY_LESSOR -> new Wire(Status.Code.UNKNOWN, "not a primary lessor");
            case NOT_APPLICABLE -> new Wire(Status.Code.INTERNAL, "request could not be applied");
            case UNKNOWN_METHOD -> new Wire(Status.Code.UNKNOWN, "unknown method");
            case NO_LEADER -> unavailable("no leader");
            case LEADER_CHANGED -> unavailable("leader changed");
            case STOPPED -> unavailable("server stopped");
            case TIMEOUT -> unavailable("request timed out");
            case TIMEOUT_LEADER_FAILURE -> unavailable("request timed out, possibly due to previous leader failure");
            case TIMEOUT_CONNECTION_LOST -> unavailable("request timed out, possibly due to connection lost");
            case TIMEOUT_WAITING_APPLIED ->
                unavailable("request timed out, waiting for the applied index took too long");
            case FOLLOWING -> following("this cluster follows an etcd: it takes no writes until it takes over");
            case LOADING -> following("this cluster loads the state of an etcd: nothing can be read yet");
            case NOT_FOLLOWING -> following("this cluster follows no etcd");
            case FOLLOWS_ANOTHER -> following("this cluster follows another etcd, or did so before");
            case NOT_EMPTY -> following("only an empty cluster can begin to follow an etcd");
            case OUT_OF_STEP -> following("following stands elsewhere than this step expects");
            case STEP_INVALID -> new Wire(Status.Code.INVALID_ARGUMENT, OURS, "this step of following is malformed");
            default -> ofUsers(error);
        };
    }

    private static Wire ofUsers(RequestError error) {
        return switch (error) {
            case AUTH_FAILED -> invalid("authentication failed, invalid user ID or password");
            case PASSWORD_TOO_LONG -> foreign("bcrypt: password length exceeds 72 bytes");
            case VERIFY_ONLY_KEY -> foreign("auth: token signing attempted with verify-only key");
            case ROOT_USER_NOT_FOUND -> precondition("root user does not exist");
            case ROOT_ROLE_NOT_GRANTED -> precondition("root user does not have root role");
            case USER_EXISTS -> precondition("user name already exists");
            case USER_NAME_EMPTY -> invalid("user name is empty");
            case USER_NOT_FOUND -> precondition("user name not found");
            case ROLE_EXISTS -> precondition("role name already exists");
            case ROLE_NAME_EMPTY -> invalid("role name is empty");
            case ROLE_NOT_FOUND -> precondition("role name not found");
            case ROLE_NOT_GRANTED -> precondition("role is not granted to the user");
            case PERMISSION_NOT_GIVEN -> invalid("permission not given");
            case PERMISSION_NOT_GRANTED -> precondition("permission is not granted to the role");
            case PERMISSION_DENIED -> new Wire(Status.Code.PERMISSION_DENIED, "permission denied");
            case AUTH_NOT_ENABLED -> precondition("authentication is not enabled");
            case NO_PASSWORD_USER -> foreign("auth: authentication failed, password was given for no password user");
            case INVALID_AUTH_TOKEN -> new Wire(Status.Code.UNAUTHENTICATED, "invalid auth token");
            case INVALID_AUTH_MANAGEMENT -> invalid("invalid auth management");
            case AUTH_REVISION_OLD -> invalid("revision of auth store is old");
            default -> throw new Fault(error + " has no text");
        };
    }

    private static Wire following(String text) {
        return new Wire(Status.Code.FAILED_PRECONDITION, OURS, text);
    }

    private static Wire invalid(String text) {
        return new Wire(Status.Code.INVALID_ARGUMENT, text);
    }

    private static Wire outOfRange(String text) {
        return new Wire(Status.Code.OUT_OF_RANGE, text);
    }

    private static Wire exhausted(String text) {
        return new Wire(Status.Code.RESOURCE_EXHAUSTED, text);
    }

    private static Wire precondition(String text) {
        return new Wire(Status.Code.FAILED_PRECONDITION, text);
    }

    private static Wire unavailable(String text) {
        return new Wire(Status.Code.UNAVAILABLE, text);
    }
}
