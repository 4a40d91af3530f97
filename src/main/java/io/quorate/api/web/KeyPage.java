package io.quorate.api.web;

import com.google.protobuf.ByteString;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RangeResponse;
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

    /** Names that are read at once to find one of them, and how often. */
    private static final int NAMES = 8;

    private static final int STEPS_MAX = 256;

    /** How many keys there are. */
    record Count(long count, long revision) {}

    /**
     * Reads a page, or counts.
     *
     * @param range says how
     * @param from where the page before said it goes on
     */
    static Object read(
            RestRequest request, RangeRequest.Builder range, ByteString prefix, int limit, @Nullable String from) {
        Parameters.within("limit", limit, 1, LIMIT_MAX);
        PageMark mark = from == null ? null : PageMark.parse(from, prefix, true);
        range.setRangeEnd(ByteText.prefixEnd(prefix)).setLimit(limit);
        if (mark == null) {
            range.setKey(first(prefix));
        } else {
            range.setRevision(mark.revision()).setKey(first(request, range, mark));
        }
        RangeResponse found = request.call(KVGrpc.getRangeMethod(), range.build());
        long revision = range.getRevision() == 0 ? found.getHeader().getRevision() : range.getRevision();
        return range.getCountOnly()
                ? new Count(found.getCount(), revision)
                : page(found, prefix, revision, range.getKeysOnly());
    }

    private static KeyPage page(RangeResponse found, ByteString prefix, long revision, boolean keysOnly) {
        String next = null;
        if (found.getMore()) {
            ByteString last = found.getKvs(found.getKvsCount() - 1).getKey();
            next = PageMark.text(revision, prefix, last.concat(ByteText.ALL));
        }
        List<KeyView> keys = found.getKvsList().stream()
                .map(record -> KeyView.of(record, keysOnly))
                .toList();
        return new KeyPage(keys, found.getCount() - found.getKvsCount(), next, revision);
    }

    /** The first key of a page, which is looked for where only its beginning is known: at its revision it is there. */
    private static ByteString first(RestRequest request, RangeRequest.Builder range, PageMark mark) {
        if (mark.digest() == null) {
            return mark.start();
        }
        RangeRequest.Builder names =
                range.clone().setKeysOnly(true).setCountOnly(false).setLimit(NAMES);
        ByteString from = mark.start();
        for (int i = 0; i < STEPS_MAX && from.startsWith(mark.start()); i++) {
            List<ByteString> after =
                    request.call(KVGrpc.getRangeMethod(), names.setKey(from).build(), KeyPage::after);
            for (ByteString next : after) {
                if (mark.isAt(next)) {
                    return next;
                }
            }
            if (after.isEmpty()) {
                break;
            }
            from = after.getLast();
        }
        throw PageMark.lost();
    }

    /** What comes next behind each key. */
    private static List<ByteString> after(RangeResponse found) {
        return found.getKvsList().stream()
                .map(record -> record.getKey().concat(ByteText.ALL))
                .toList();
    }

    /** The first key that may begin so. */
    static ByteString first(ByteString prefix) {
        return prefix.isEmpty() ? ByteText.ALL : prefix;
    }
}
