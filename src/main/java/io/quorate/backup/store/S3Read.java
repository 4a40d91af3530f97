package io.quorate.backup.store;

import io.quorate.base.BulkInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.http.SdkHttpMethod;

/**
 * An object that is read in ranges of {@value #RANGE_BYTES} bytes, each of which is tried again by itself. All ranges must be of the same
 * object, by its ETag and size, and as long as they were asked for. Used by one thread.
 */
final class S3Read extends BulkInputStream {

    static final int RANGE_BYTES = 2 << 20;

    private static final int PARTIAL = 206;
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

    private final S3Client client;
    private final String path;
    private byte[] range = {};
    private int position;
    private long fetched;
    private long size = -1;
    private String tag = "";

    S3Read(S3Client client, String path) {
        this.client = client;
        this.path = path;
    }

    /** Fetches the first range; objects are never empty. */
    void begin() throws IOException {
        fetch();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (position == range.length) {
            if (fetched == size) {
                return -1;
            }
            fetch();
        }
        int done = Math.min(length, range.length - position);
        System.arraycopy(range, position, target, offset, done);
        position += done;
        return done;
    }

    private void fetch() throws IOException {
        S3Request request = S3Request.of(SdkHttpMethod.GET, path)
                .header("Range", "bytes=" + fetched + "-" + (fetched + RANGE_BYTES - 1));
        HttpResponse<byte[]> answer = client.send(tag.isEmpty() ? request : request.header("If-Match", tag));
        Matcher given = CONTENT_RANGE.matcher(
                answer.headers().firstValue("Content-Range").orElse(""));
        String found = answer.headers().firstValue("ETag").orElse("");
        if (answer.statusCode() != PARTIAL || !given.matches() || found.isEmpty()) {
            throw new IOException(path + ": the bucket did not send the range that was asked for");
        }
        long total = Long.parseLong(given.group(3));
        long expected = Math.min(RANGE_BYTES, total - fetched);
        if (Long.parseLong(given.group(1)) != fetched || answer.body().length != expected) {
            throw new EOFException(path + ": the bucket sent " + answer.body().length + " bytes from " + given.group(1)
                    + " where " + expected + " from " + fetched + " were asked for");
        }
        if (size >= 0 && (total != size || !found.equals(tag))) {
            throw new IOException(path + " was exchanged while it was read");
        }
        size = total;
        tag = found;
        range = answer.body();
        position = 0;
        fetched += range.length;
    }
}
