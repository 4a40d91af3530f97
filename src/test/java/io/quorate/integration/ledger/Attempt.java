package io.quorate.integration.ledger;

import io.quorate.proto.mvccpb.Event;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One write that a client asked for. Written by the client's thread, read by any.
 */
public final class Attempt {

    /** What is known about it. */
    public enum Outcome {
        /** Sent, and nothing heard: may have happened. */
        UNKNOWN,
        /** Answered, or seen in the history. */
        HAPPENED,
        /** Refused, or not in the history when it no longer could come. */
        NEVER
    }

    /** Name, and part of the value of every key it puts. */
    private final String id;

    /** What the events of its revision look like, in order. */
    final String signature;

    private volatile Outcome outcome = Outcome.UNKNOWN;
    private volatile long revision;

    private Attempt(String id, List<String> changes) {
        this.id = id;
        this.signature = String.join(" ", changes);
    }

    /** @param changes each as made by {@link #put} or {@link #delete}, in the order of the operations */
    public static Attempt of(String id, List<String> changes) {
        return new Attempt(id, changes);
    }

    /** A key that gets a value. */
    public static String put(String key, String value) {
        return key + "=" + value;
    }

    /** A key that goes. */
    public static String delete(String key) {
        return key + "!";
    }

    /** The signature of an attempt whose events these are. */
    static String signature(List<Event> events) {
        return events.stream()
                .map(event -> {
                    String key = event.getKv().getKey().toStringUtf8();
                    return event.getType() == Event.EventType.PUT
                            ? put(key, event.getKv().getValue().toStringUtf8())
                            : delete(key);
                })
                .collect(Collectors.joining(" "));
    }

    void happened(long atRevision) {
        revision = atRevision;
        outcome = Outcome.HAPPENED;
    }

    void neverHappened() {
        outcome = Outcome.NEVER;
    }

    /** What is known about it now. */
    public Outcome outcome() {
        return outcome;
    }

    /** Its revision once it happened, else 0. */
    long revision() {
        return revision;
    }

    @Override
    public String toString() {
        return id + " " + outcome + " at " + revision;
    }
}
