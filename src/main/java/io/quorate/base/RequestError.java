package io.quorate.base;

/**
 * What can be wrong with a request, or with answering it. Each has one gRPC code and one exact text, which the edge's
 * error table holds; nothing else in the member knows them.
 */
public enum RequestError {
    EMPTY_KEY,
    KEY_NOT_FOUND,
    VALUE_PROVIDED,
    LEASE_PROVIDED,
    TOO_MANY_OPERATIONS,
    DUPLICATE_KEY,
    INVALID_SORT_OPTION,
    COMPACTED,
    FUTURE_REVISION,
    NO_SPACE,
    CORRUPT,
    LEASE_NOT_FOUND,
    LEASE_EXISTS,
    LEASE_TTL_TOO_LARGE,
    NOT_PRIMARY_LESSOR,
    MEMBER_NOT_FOUND,
    REQUEST_TOO_LARGE,
    TOO_MANY_REQUESTS,
    NO_LEADER,
    NOT_LEADER,
    LEADER_CHANGED,
    STOPPED,
    TIMEOUT,
    TIMEOUT_LEADER_FAILURE,
    TIMEOUT_CONNECTION_LOST,
    TIMEOUT_WAITING_APPLIED,
    INVALID_CLIENT_API_VERSION,
    UNKNOWN_METHOD
}
