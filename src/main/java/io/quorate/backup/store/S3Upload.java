package io.quorate.backup.store;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import software.amazon.awssdk.http.SdkHttpMethod;

/**
 * An object on its way to a bucket. Up to {@value #PART_BYTES} bytes go in one request, at the end; more go in parts as they come, each of
 * which is tried again by itself, so a lost connection costs one part. Holds one part in memory. The service compares the SHA-256 of
 * each request's body with the signed one.
 */
final class S3Upload extends Upload {

    /** The smallest part that S3 takes, other than the last. */
    static final int PART_BYTES = 5 << 20;

    private static final int FIRST_BYTES = 16 << 10;
    private static final int PARTS_MAX = 10_000;

    private final S3Client client;
    private final String path;
    private final List<String> tags = new ArrayList<>();
    private byte[] part = new byte[FIRST_BYTES];
    private int filled;
    private long total;
    private String uploadId = "";
    private boolean committed;

    S3Upload(S3Client client, String path) {
        this.client = client;
        this.path = path;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int at = offset;
        int left = length;
        while (left > 0) {
            if (filled == PART_BYTES) {
                sendPart();
            }
            if (filled == part.length) {
                part = Arrays.copyOf(part, Math.min(2 * part.length, PART_BYTES));
            }
            int taken = Math.min(left, part.length - filled);
            System.arraycopy(bytes, at, part, filled, taken);
            filled += taken;
            total += taken;
            at += taken;
            left -= taken;
        }
    }

    private void sendPart() throws IOException {
        if (uploadId.isEmpty()) {
            begin();
        }
        if (tags.size() == PARTS_MAX) {
            throw new IOException(path + " has more than " + PARTS_MAX + " parts");
        }
        HttpResponse<byte[]> answer = client.sendPart(S3Request.of(SdkHttpMethod.PUT, path)
                .query("partNumber", Integer.toString(tags.size() + 1))
                .query("uploadId", uploadId)
                .body(part, filled));
        tags.add(answer.headers()
                .firstValue("ETag")
                .orElseThrow(() -> new IOException("the bucket took a part of " + path + " and named no ETag")));
        filled = 0;
    }

    private void begin() throws IOException {
        S3Xml answer =
                S3Xml.parse(client.send(S3Request.of(SdkHttpMethod.POST, path).query("uploads", ""))
                        .body());
        uploadId = answer.value("UploadId");
        if (uploadId.isEmpty()) {
            throw new IOException("the bucket began no upload of " + path);
        }
    }

    @Override
    public void commit() throws IOException {
        if (uploadId.isEmpty()) {
            HttpResponse<byte[]> unused =
                    client.send(S3Request.of(SdkHttpMethod.PUT, path).body(part, filled));
        } else {
            sendPart();
            complete();
        }
        committed = true;
    }

    /** An error may come after the status, so what counts is the root of the answer, and then the size. */
    private void complete() throws IOException {
        StringBuilder list = new StringBuilder("<CompleteMultipartUpload>");
        for (int i = 0; i < tags.size(); i++) {
            list.append("<Part><PartNumber>")
                    .append(i + 1)
                    .append("</PartNumber><ETag>")
                    .append(tags.get(i).replace("&", "&amp;").replace("<", "&lt;"))
                    .append("</ETag></Part>");
        }
        byte[] body = list.append("</CompleteMultipartUpload>").toString().getBytes(StandardCharsets.UTF_8);
        try {
            S3Xml answer = S3Xml.parse(client.sendPart(S3Request.of(SdkHttpMethod.POST, path)
                            .query("uploadId", uploadId)
                            .body(body, body.length))
                    .body());
            if (!answer.root().equals("CompleteMultipartUploadResult")) {
                throw new IOException(
                        path + " was not put together: " + answer.value("Code") + " " + answer.value("Message"));
            }
        } catch (S3Exception e) {
            // The answer to an earlier try may have been lost; then the upload is gone and the object is there.
            if (!e.isMissing()) {
                throw e;
            }
        }
        long size = client.send(S3Request.of(SdkHttpMethod.HEAD, path))
                .headers()
                .firstValueAsLong("Content-Length")
                .orElse(-1);
        if (size != total) {
            throw new IOException(path + " has " + size + " bytes in the bucket, " + total + " were written");
        }
    }

    @Override
    public void close() throws IOException {
        if (!committed && !uploadId.isEmpty() && !Thread.currentThread().isInterrupted()) {
            String given = uploadId;
            uploadId = "";
            HttpResponse<byte[]> unused =
                    client.send(S3Request.of(SdkHttpMethod.DELETE, path).query("uploadId", given));
        }
    }
}
