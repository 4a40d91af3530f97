package io.quorate.api.web;

import com.google.protobuf.ByteString;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.RangeRequest;
import io.quorate.proto.RangeResponse;
import io.quorate.proto.mvccpb.KeyValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is directly below a prefix, in order: keys, and branches, which are the beginnings of keys up to the next separator. A branch is
 * shown once and passed over, so that a level costs what it shows and not what lies below it. Reads follow each other, each of the
 * newest state.
 *
 * <p>Example: below {@code a/} with the keys {@code a/b}, {@code a/b/1}, {@code a/b/2} and {@code a/c} are the key {@code a/b}, the branch
 * {@code a/b/} and the key {@code a/c}.
 *
 * @param next as {@code continue} of the next page; null if this is the last
 * @param revision of the first read
 */
record TreeLevel(
        List<Node> nodes,

        @com.fasterxml.jackson.annotation.JsonProperty("continue") @Nullable
        String next,

        long revision) {

    static final int LIMIT_MAX = 1000;

    private static final int SEPARATOR_CHARS_MAX = 16;

    /** What the names of a page may take, about; one may be as large as a request. */
    private static final long PAGE_BYTES = 1 << 20;

    /** Reads for one page; each passes over a branch at least. */
    private static final int STEPS_MAX = 256;

    /** Keys that are read before it is known how large they are. */
    private static final int FIRST_KEYS = 128;

    /** The same where a name of more than a KiB is looked for. */
    private static final int SOUGHT_KEYS = 8;

    /**
     * A key or a branch.
     *
     * @param key the key, or what all keys of the branch begin with
     * @param branch which of both; a branch has no revisions
     * @param lease in hexadecimal, null if there is none
     */
    record Node(
            String key,
            String keyEncoding,
            boolean branch,
            @Nullable Long createRevision,
            @Nullable Long modRevision,
            @Nullable Long version,
            @Nullable String lease) {

        static Node of(KeyValue record) {
            ByteText key = ByteText.of(record.getKey());
            return new Node(
                    key.text(),
                    key.encoding(),
                    false,
                    record.getCreateRevision(),
                    record.getModRevision(),
                    record.getVersion(),
                    Parameters.hex(record.getLease()));
        }

        static Node branch(ByteString prefix) {
            ByteText shown = ByteText.of(prefix);
            return new Node(shown.text(), shown.encoding(), true, null, null, null, null);
        }
    }

    /**
     * Which level, and where on it.
     *
     * @param start the first key that is looked at
     * @param mark says which node behind that comes first, if {@code start} is only its beginning; null for the first
     */
    record Place(
            ByteString prefix,
            ByteString separator,
            ByteString start,
            @Nullable PageMark mark) {

        static Place of(ByteString prefix, TreeController.TreeQuery query) {
            String separator = query.separator() == null ? "/" : query.separator();
            if (separator.isEmpty() || separator.length() > SEPARATOR_CHARS_MAX) {
                throw Problem.field("separator", "1 to " + SEPARATOR_CHARS_MAX + " characters");
            }
            ByteString known = ByteText.bytes(separator, null, "separator");
            if (query.next() == null) {
                return new Place(prefix, known, start(prefix, query), null);
            }
            if (query.from() != null) {
                throw Problem.field("from", "only without continue");
            }
            PageMark mark = PageMark.parse(query.next(), prefix, false);
            return new Place(prefix, known, mark.start(), mark.digest() == null ? null : mark);
        }

        private static ByteString start(ByteString prefix, TreeController.TreeQuery query) {
            if (query.from() == null) {
                return KeyPage.first(prefix);
            }
            ByteString start = ByteText.bytes(query.from(), query.encoding(), "from");
            if (start.isEmpty() || !start.startsWith(prefix)) {
                throw Problem.field("from", "must begin with the prefix");
            }
            return start;
        }

        /** The branch that a key lies in; null if it is directly below the prefix. */
        @Nullable
        ByteString branch(ByteString key) {
            int last = key.size() - separator.size();
            for (int i = prefix.size(); i <= last; i++) {
                boolean begins = key.byteAt(i) == separator.byteAt(0); // most bytes do not, and need no object
                if (begins && key.substring(i, i + separator.size()).equals(separator)) {
                    return key.substring(0, i + separator.size());
                }
            }
            return null;
        }
    }

    /** Reads one page of at most {@code limit} nodes; fewer if they are large, or if much has to be passed over. */
    static TreeLevel read(RestRequest request, Place place, int limit, boolean serializable) {
        Reading reading = new Reading(request, place, limit, serializable);
        while (reading.goesOn()) {
            reading.step();
        }
        return reading.level();
    }

    /** A page in the making: each step reads some keys and leaves the rest of the last branch out. */
    private static final class Reading {

        private final RestRequest request;
        private final Place place;
        private final int limit;
        private final List<Node> nodes = new ArrayList<>();
        private ByteString behind;
        private boolean serializable;
        private boolean ended;
        private boolean full;
        private @Nullable PageMark mark;
        private int keys;
        private int steps;
        private long bytes;
        private long revision;

        Reading(RestRequest request, Place place, int limit, boolean serializable) {
            this.request = request;
            this.place = place;
            this.limit = limit;
            this.serializable = serializable;
            this.behind = place.start();
            this.mark = place.mark();
            this.keys = mark == null ? Math.min(FIRST_KEYS, limit + 1) : SOUGHT_KEYS;
        }

        boolean goesOn() {
            return !ended && !full;
        }

        void step() {
            RangeRequest next = RangeRequest.newBuilder()
                    .setKey(behind)
                    .setRangeEnd(ByteText.prefixEnd(place.prefix()))
                    .setKeysOnly(true)
                    .setSerializable(serializable)
                    .setLimit(keys)
                    .build();
            int before = nodes.size();
            boolean seeks = mark != null;
            int perKey = request.call(KVGrpc.getRangeMethod(), next, this::take);
            int most = Math.clamp(PAGE_BYTES / perKey, 1, limit + 1);
            keys = Math.clamp(seeks ? FIRST_KEYS : 2L * (nodes.size() - before), 1, most);
            seek();
            full |= !ended && (++steps >= STEPS_MAX || bytes >= PAGE_BYTES);
        }

        /** Begins with all names that begin as the one that is looked for, if that is there no more: better twice than never. */
        private void seek() {
            if (mark == null) {
                return;
            }
            if (steps + 1 >= STEPS_MAX) {
                throw PageMark.lost();
            }
            if (ended || !behind.startsWith(place.start())) {
                mark = null;
                ended = false;
                behind = place.start();
            }
        }

        /** Takes what was found into the page; returns how large a key is. */
        private int take(RangeResponse found) {
            if (revision == 0) {
                revision = found.getHeader().getRevision();
                serializable = true; // what the first read saw, this member has applied
            }
            ByteString branch = null;
            for (KeyValue record : found.getKvsList()) {
                if (branch != null && record.getKey().startsWith(branch)) {
                    continue;
                }
                if (nodes.size() == limit || bytes >= PAGE_BYTES) {
                    full = true;
                    break;
                }
                branch = place.branch(record.getKey());
                behind = branch == null ? record.getKey().concat(ByteText.ALL) : ByteText.prefixEnd(branch);
                if (mark != null) { // the page before had it
                    mark = mark.isAt(behind) ? null : mark;
                    continue;
                }
                nodes.add(branch == null ? Node.of(record) : Node.branch(branch));
                bytes += branch == null ? record.getKey().size() : branch.size();
            }
            ended = !found.getMore();
            return Math.max(1, found.getSerializedSize() / Math.max(1, found.getKvsCount()));
        }

        TreeLevel level() {
            return new TreeLevel(List.copyOf(nodes), full ? PageMark.text(0, place.prefix(), behind) : null, revision);
        }
    }
}
