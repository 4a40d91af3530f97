package io.quorate.integration.auth;

/** Those who call, in the order of the columns of {@link AccessTable}. */
enum Caller {
    NOBODY,
    UNKNOWN_TOKEN,
    /** A user without a role. */
    POWERLESS,
    /** May read all keys. */
    READER,
    /** May read and write the key {@code k}. */
    WRITER_OF_ONE,
    /** May read and write all keys that begin with {@code k}. */
    WRITER_OF_RANGE,
    ROOT,
    /** Known by a certificate; may do what the writer of a range may. */
    CERTIFIED;

    String user() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    String password() {
        return "password of " + user();
    }
}
