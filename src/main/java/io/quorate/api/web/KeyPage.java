package io.quorate.api.web;

import com.google.protobuf.ByteString;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RangeResponse;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of the keys that begin with a prefix, in order.
 *
 * @param remaining keys behind this page
 * @param next as {@code continue} of the next page, which shows the same revision; null if this is the last
 * @param revision that is shown
 */
record KeyPage(
        List<KeyView> keys,
        long remaining,

        @com.fasterxml.jackson.annotation.JsonProperty("continue") @Nullable
        String next,

        long revision) {

    static final int LIMIT_USUAL = 100;
    static final int LIMIT_MAX = 10_000;

    /** How many keys there are. */
    record Count(long count, long revision) {}

    /** Where a page begins, and at which revision. */
    private record Position(long revision, ByteString key) {

        private static final int REVISION_BYTES = 8;

        String token() {
            ByteBuffer bytes = ByteBuffer.allocate(REVISION_BYTES + key.size()).putLong(revision);
            key.copyTo(bytes);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
        }

        static Position parse(String token) {
            try {
                ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(token));
                if (bytes.remaining() > REVISION_BYTES) {
                    long revision = bytes.getLong();
                    if (revision > 0) {
                        return new Position(revision, ByteString.copyFrom(bytes));
                    }
                }
            } catch (IllegalArgumentException e) {
                // told below
            }
            throw Problem.field("continue", "not from an answer of this API");
        }
    }

    /**
     * Reads a page, or counts.
     *
     * @param range says how
     * @param from where the page before said it goes on
     */
    static Object read(
            RestRequest request, RangeRequest.Builder range, ByteString prefix, int limit, @Nullable String from) {
        Parameters.within("limit", limit, 1, LIMIT_MAX);
        Position position = from == null ? null : Position.parse(from);
        if (position != null && !position.key().startsWith(prefix)) {
            throw Problem.field("continue", "from the answer for another prefix");
        }
        range.setKey(position == null ? first(prefix) : position.key())
                .setRangeEnd(ByteText.prefixEnd(prefix))
                .setLimit(limit);
        if (position != null) {
            range.setRevision(position.revision());
        }
        RangeResponse found = request.call(KVGrpc.getRangeMethod(), range.build());
        long revision = range.getRevision() == 0 ? found.getHeader().getRevision() : range.getRevision();
        return range.getCountOnly()
                ? new Count(found.getCount(), revision)
                : page(found, revision, range.getKeysOnly());
    }

    private static KeyPage page(RangeResponse found, long revision, boolean keysOnly) {
        String next = null;
        if (found.getMore()) {
            ByteString last = found.getKvs(found.getKvsCount() - 1).getKey();
            next = new Position(revision, last.concat(ByteText.ALL)).token();
        }
        List<KeyView> keys = found.getKvsList().stream()
                .map(record -> KeyView.of(record, keysOnly))
                .toList();
        return new KeyPage(keys, found.getCount() - found.getKvsCount(), next, revision);
    }

    /** The first key that may begin so. */
    static ByteString first(ByteString prefix) {
        return prefix.isEmpty() ? ByteText.ALL : prefix;
    }
}
