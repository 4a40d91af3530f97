package io.quorate.api.web;

import com.google.protobuf.ByteString;
import io.quorate.proto.Compare;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * What must be true of a key for a change to happen: that it is there, or in this version ({@code If-Match}), or that it is not ({@code
 * If-None-Match}).
 *
 * @param tag the version
 * @param negated whether the key must not have it
 */
record Condition(EntityTag tag, boolean negated) {

    /**
     * Holds a request that reads to its conditions, the stronger one first (RFC 9110, 13.2.2).
     *
     * @param current the tag of what is there; null if it has none
     * @return whether the client has it already
     * @throws Problem if it wants something else
     */
    static boolean isKnown(HttpHeaders headers, @Nullable String current) {
        List<String> match = headers.getOrEmpty(HttpHeaders.IF_MATCH);
        if (!match.isEmpty() && !EntityTag.matches(match, current, false)) {
            Problem failed = failed();
            throw current == null ? failed : failed.header(HttpHeaders.ETAG, current);
        }
        return EntityTag.matches(headers.getOrEmpty(HttpHeaders.IF_NONE_MATCH), current, true);
    }

    /** What is told when a condition does not hold. */
    static Problem failed() {
        return new Problem(412, "precondition-failed", "The key is not as it should be", "the condition does not hold");
    }

    /** The condition of a request that writes; null if there is none. */
    static @Nullable Condition of(HttpHeaders headers) {
        EntityTag match = EntityTag.parse(HttpHeaders.IF_MATCH, whole(headers, HttpHeaders.IF_MATCH));
        EntityTag noneMatch = EntityTag.parse(HttpHeaders.IF_NONE_MATCH, whole(headers, HttpHeaders.IF_NONE_MATCH));
        if (match != null && noneMatch != null) {
            throw Problem.field(HttpHeaders.IF_NONE_MATCH, "not together with If-Match");
        }
        if (match != null) {
            return new Condition(match, false);
        }
        return noneMatch == null ? null : new Condition(noneMatch, true);
    }

    private static @Nullable String whole(HttpHeaders headers, String name) {
        List<String> values = headers.getOrEmpty(name);
        return values.isEmpty() ? null : String.join(",", values);
    }

    /** Whether it is that nothing is there yet. */
    boolean creates() {
        return negated && tag.any();
    }

    /** As a comparison of a transaction. */
    Compare ofKey(ByteString key) {
        Compare.Builder compare = Compare.newBuilder().setKey(key);
        if (tag.any()) {
            return compare.setTarget(Compare.CompareTarget.VERSION)
                    .setResult(negated ? Compare.CompareResult.EQUAL : Compare.CompareResult.GREATER)
                    .setVersion(0)
                    .build();
        }
        return compare.setTarget(Compare.CompareTarget.MOD)
                .setResult(negated ? Compare.CompareResult.NOT_EQUAL : Compare.CompareResult.EQUAL)
                .setModRevision(tag.revision())
                .build();
    }

    /** As a comparison of a range: that none of its keys was changed since the revision. */
    Compare ofRange(ByteString key, ByteString end) {
        if (negated || tag.any()) {
            throw Problem.field(
                    negated ? HttpHeaders.IF_NONE_MATCH : HttpHeaders.IF_MATCH,
                    "with prefix, If-Match and the ETag of a dry run");
        }
        return Compare.newBuilder()
                .setKey(key)
                .setRangeEnd(end)
                .setTarget(Compare.CompareTarget.MOD)
                .setResult(Compare.CompareResult.LESS)
                .setModRevision(tag.revision() + 1)
                .build();
    }
}
