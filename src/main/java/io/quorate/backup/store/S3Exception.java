package io.quorate.backup.store;

import java.io.IOException;

/** A bucket answered with an error. */
final class S3Exception extends IOException {

    private static final long serialVersionUID = 1L;

    private static final int NOT_FOUND = 404;

    private final int status;
    private final String code;

    /** @param code of the service, such as {@code AccessDenied}; empty if it gave none */
    S3Exception(String what, int status, String code, String message) {
        super(what + ": " + status + (code.isEmpty() ? "" : " " + code) + (message.isEmpty() ? "" : ", " + message));
        this.status = status;
        this.code = code;
    }

    int status() {
        return status;
    }

    /** Whether there is no such object or upload, while the bucket is there. */
    boolean isMissing() {
        return status == NOT_FOUND && !code.equals("NoSuchBucket");
    }
}
