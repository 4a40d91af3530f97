package io.quorate.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the calls do. */
enum Workload {
    /** Writes a random key. */
    PUT,
    /** Reads a random key, linearizable. */
    GET,
    /** Reads a random key from this member, perhaps stale. */
    GET_SERIALIZABLE,
    /** Reads so many keys in a row as {@code --range} says. */
    RANGE,
    /** Counts the keys from a random one to the last. */
    COUNT,
    /** A transaction: compares a version, writes one key, reads another. */
    TXN,
    /** Renews a random one of a thousand leases. */
    KEEPALIVE,
    /** Writes a random key through the JSON gateway; every slot has a connection of its own. */
    JSON_PUT,
    /** Writes keys that {@code --watchers} watchers see; measures from the write to each event. */
    WATCH;

    String option() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Workload of(String option) {
        return Arrays.stream(values())
                .filter(workload -> workload.option().equals(option))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No workload " + option + "; one of "
                        + Arrays.stream(values()).map(Workload::option).collect(Collectors.joining(", "))));
    }

    /** Whether keys must exist before it begins. */
    boolean needsKeys() {
        return this == GET || this == GET_SERIALIZABLE || this == RANGE || this == COUNT || this == TXN;
    }

    /** Whether its calls are unary ones over gRPC, which can have a token each. */
    boolean isUnary() {
        return this != KEEPALIVE && this != JSON_PUT && this != WATCH;
    }
}
