package io.quorate.conformance;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Numbers that stand for what is only known when a program runs: a revision relative to the one at its beginning, and a
 * lease whose id a server chose. They are taken from two ranges that nothing else uses, and replaced before sending.
 */
final class Symbols {

    private static final long REVISION_ZERO = 555_000_5000L;
    private static final long REVISIONS = 5_000;
    private static final long LEASE_ZERO = 777_000_0000L;
    private static final long LEASES = 100;
    private static final Pattern IN_TEXT = Pattern.compile("\\b(555000\\d{4}|77700000\\d{2})\\b");

    /** An id that no server gives out and no program asks for. */
    private static final long UNKNOWN_LEASE = 1_234_567;

    private final long base;
    private final Set<String> earlierLeases;
    private final List<Long> leases = new ArrayList<>();
    private final Map<String, String> tokens = new HashMap<>();
    private final long authBase;
    private long compacted;

    /**
     * @param base the revision at the beginning
     * @param earlierLeases ids that the server chose in earlier programs, which are read at old revisions
     * @param compacted the revision of the last compaction
     * @param authBase the auth revision at the beginning
     */
    Symbols(long base, Set<String> earlierLeases, long compacted, long authBase) {
        this.base = base;
        this.authBase = authBase;
        this.earlierLeases = earlierLeases;
        this.compacted = compacted;
    }

    /** Notes a compaction that was done. */
    void compacted(long revision) {
        compacted = revision;
    }

    /** The revision of the last compaction. */
    long compacted() {
        return compacted;
    }

    boolean isEarlierLease(String id) {
        return earlierLeases.contains(id);
    }

    /** The revision that many after (or before) the beginning of a program. */
    static long revision(long offset) {
        return REVISION_ZERO + offset;
    }

    /** The lease that was the n-th, from 0, for which a program let the server choose the id. */
    static long lease(int number) {
        return LEASE_ZERO + number;
    }

    /** The auth revision at the beginning. */
    long authBase() {
        return authBase;
    }

    /** Notes a login that succeeded. */
    void loggedIn(String user, String token) {
        tokens.put(user, token);
    }

    /** What somebody shows to say who he is; null for nothing. */
    @Nullable
    String token(Who who) {
        return switch (who.kind()) {
            case NOBODY -> null;
            case MADE_UP -> who.text();
            case LOGGED_IN -> tokens.get(who.text());
        };
    }

    long base() {
        return base;
    }

    /** Notes an id that the server chose. */
    void chosen(long lease) {
        leases.add(lease);
    }

    /** Ids that the server chose so far, the first one first. */
    List<Long> chosenLeases() {
        return leases;
    }

    long resolve(long number) {
        if (Math.abs(number - REVISION_ZERO) < REVISIONS) {
            return base + number - REVISION_ZERO;
        }
        if (number >= LEASE_ZERO && number < LEASE_ZERO + LEASES) {
            int index = (int) (number - LEASE_ZERO);
            return index < leases.size() ? leases.get(index) : UNKNOWN_LEASE;
        }
        return number;
    }

    /** A message with numbers in the place of symbols. */
    @SuppressWarnings("unchecked") // a builder of a message builds that message
    <T extends Message> T resolve(T message) {
        Message.Builder builder = message.toBuilder();
        for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
            FieldDescriptor descriptor = field.getKey();
            if (descriptor.isRepeated()) {
                List<?> values = (List<?>) field.getValue();
                for (int i = 0; i < values.size(); i++) {
                    builder.setRepeatedField(descriptor, i, resolveValue(values.get(i)));
                }
            } else {
                builder.setField(descriptor, resolveValue(field.getValue()));
            }
        }
        return (T) builder.build();
    }

    private Object resolveValue(Object value) {
        return switch (value) {
            case Long number -> resolve(number.longValue());
            case Message message -> resolve(message);
            default -> value;
        };
    }

    /** A text with numbers in the place of symbols. */
    String resolve(String text) {
        return IN_TEXT.matcher(text)
                .replaceAll((MatchResult found) -> Long.toString(resolve(Long.parseLong(found.group()))));
    }
}
