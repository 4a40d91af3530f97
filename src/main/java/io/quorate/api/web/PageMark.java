package io.quorate.api.web;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Where the next page of a prefix begins, as text that clients send back. However long the names are, it has {@link #CHARS_MAX} characters
 * at most, so that it fits into a query: it leaves the prefix out, and of what is behind it only the beginning is there, with a digest of
 * the whole. The whole is then found again among the names that begin so.
 *
 * @param revision of the page; 0 for the newest
 * @param start the prefix and as much of the first key as is known
 * @param digest of the first key; null if {@code start} is all of it
 */
record PageMark(long revision, ByteString start, @Nullable ByteString digest) {

    /** The most that {@link #text} gives. */
    static final int CHARS_MAX = 1408;

    /** Names up to that length behind the prefix are there as a whole. */
    static final int NAME_BYTES = 1023;

    private static final int PREFIX_DIGEST_BYTES = 8;
    private static final int DIGEST_BYTES = 16;
    private static final int HEAD_BYTES = Long.BYTES + PREFIX_DIGEST_BYTES + 1;
    private static final byte WHOLE = 0;
    private static final byte CUT = 1;

    /**
     * Writes one.
     *
     * @param prefix that the page has
     * @param next the first key of the next page
     */
    static String text(long revision, ByteString prefix, ByteString next) {
        ByteString name = next.substring(prefix.size());
        boolean cut = name.size() > NAME_BYTES;
        ByteString known = cut ? name.substring(0, NAME_BYTES) : name;
        ByteBuffer bytes = ByteBuffer.allocate(HEAD_BYTES + (cut ? DIGEST_BYTES : 0) + known.size())
                .putLong(revision)
                .put(digest(prefix, PREFIX_DIGEST_BYTES))
                .put(cut ? CUT : WHOLE);
        if (cut) {
            bytes.put(digest(next, DIGEST_BYTES));
        }
        known.copyTo(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /**
     * Reads one.
     *
     * @param past whether pages are of one revision
     * @throws Problem if it is none, or one of another prefix
     */
    static PageMark parse(String text, ByteString prefix, boolean past) {
        ByteBuffer bytes = decoded(text);
        if (bytes.remaining() < HEAD_BYTES) {
            throw malformed();
        }
        long revision = bytes.getLong();
        byte[] of = take(bytes, PREFIX_DIGEST_BYTES);
        byte kind = bytes.get();
        if (past != revision > 0
                || (kind != WHOLE && kind != CUT)
                || (kind == CUT && bytes.remaining() < DIGEST_BYTES)) {
            throw malformed();
        }
        if (!Arrays.equals(of, digest(prefix, PREFIX_DIGEST_BYTES))) {
            throw Problem.field("continue", "from the answer for another prefix");
        }
        ByteString digest = kind == CUT ? ByteString.copyFrom(take(bytes, DIGEST_BYTES)) : null;
        ByteString start = prefix.concat(ByteString.copyFrom(bytes));
        if (start.isEmpty()) {
            throw malformed();
        }
        return new PageMark(revision, start, digest);
    }

    private static ByteBuffer decoded(String text) {
        try {
            return ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            throw malformed();
        }
    }

    private static byte[] take(ByteBuffer from, int bytes) {
        byte[] taken = new byte[bytes];
        from.get(taken);
        return taken;
    }

    private static Problem malformed() {
        return Problem.field("continue", "not from an answer of this API");
    }

    /** What clients hear if the names that begin alike are too many to find one among them. */
    static Problem lost() {
        return Problem.field("continue", "too many long names begin alike: ask for those that begin so");
    }

    /** Whether the page begins with this key; only if no more than its beginning is known. */
    boolean isAt(ByteString next) {
        return digest != null && digest.equals(ByteString.copyFrom(digest(next, DIGEST_BYTES)));
    }

    private static byte[] digest(ByteString of, int bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            of.asReadOnlyByteBufferList().forEach(digest::update);
            return Arrays.copyOf(digest.digest(), bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
