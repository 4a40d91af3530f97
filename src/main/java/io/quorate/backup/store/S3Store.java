package io.quorate.backup.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.NoSuchFileException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import software.amazon.awssdk.http.SdkHttpMethod;

/** Objects of a bucket of S3, or of another service that speaks its protocol. */
final class S3Store implements BackupStore {

    private final S3Address address;
    /** Closed with this. */
    private final S3Client client;

    S3Store(S3Address address, S3Client client) {
        this.address = address;
        this.client = client;
    }

    @Override
    public void list(String folder, String after, Consumer<Item> each) throws IOException {
        String prefix = address.prefix() + ObjectName.check(folder.substring(0, folder.length() - 1)) + "/";
        S3Request request = listing(prefix);
        String[] last = {""};
        pages(after.isEmpty() ? request : request.query("start-after", address.prefix() + after), page -> {
            for (Map<String, String> object : page.list("Contents")) {
                String key = object.getOrDefault("Key", "");
                if (!key.startsWith(prefix) || key.compareTo(last[0]) <= 0) {
                    throw new IOException("the bucket listed " + key + " out of order");
                }
                last[0] = key;
                String name = key.substring(address.prefix().length());
                if (name.compareTo(after) > 0 && ObjectName.isValid(name)) {
                    each.accept(new Item(name, number(object.getOrDefault("Size", ""))));
                }
            }
        });
    }

    @Override
    public List<String> folders() throws IOException {
        List<String> found = new ArrayList<>();
        pages(listing(address.prefix()), page -> {
            for (Map<String, String> folder : page.list("CommonPrefixes")) {
                String path = folder.getOrDefault("Prefix", "");
                if (path.startsWith(address.prefix()) && path.endsWith("/")) {
                    found.add(path.substring(address.prefix().length(), path.length() - 1));
                }
            }
        });
        return found;
    }

    private S3Request listing(String prefix) {
        return S3Request.of(SdkHttpMethod.GET, address.path(""))
                .query("list-type", "2")
                .query("delimiter", "/")
                .query("prefix", prefix);
    }

    private static long number(String text) throws IOException {
        if (!text.matches("\\d{1,18}")) {
            throw new IOException("the bucket listed an object of " + text + " bytes");
        }
        return Long.parseLong(text);
    }

    @Override
    public InputStream read(String name) throws IOException {
        S3Read read = new S3Read(client, address.path(ObjectName.check(name)));
        try {
            read.begin();
            return read;
        } catch (S3Exception e) {
            if (e.isMissing()) {
                throw new NoSuchFileException(name, null, e.getMessage());
            }
            throw e;
        }
    }

    @Override
    public Upload create(String name) {
        return new S3Upload(client, address.path(ObjectName.check(name)));
    }

    @Override
    public void delete(String name) throws IOException {
        remove(S3Request.of(SdkHttpMethod.DELETE, address.path(ObjectName.check(name))));
    }

    /** Looks at the first page, which is enough for what a day leaves behind; the next round sees the rest. */
    @Override
    public void removeUnfinished(Instant before) throws IOException {
        S3Xml page = S3Xml.parse(client.send(S3Request.of(SdkHttpMethod.GET, address.path(""))
                        .query("uploads", "")
                        .query("prefix", address.prefix()))
                .body());
        for (Map<String, String> upload : page.list("Upload")) {
            String key = upload.getOrDefault("Key", "");
            boolean ours = key.startsWith(address.prefix())
                    && ObjectName.isValid(key.substring(address.prefix().length()));
            if (ours && isBefore(upload.getOrDefault("Initiated", ""), before)) {
                remove(S3Request.of(
                                SdkHttpMethod.DELETE,
                                address.path(key.substring(address.prefix().length())))
                        .query("uploadId", upload.getOrDefault("UploadId", "")));
            }
        }
    }

    /** What is gone already need not go. */
    private void remove(S3Request request) throws IOException {
        try {
            HttpResponse<byte[]> unused = client.send(request);
        } catch (S3Exception e) {
            if (!e.isMissing()) {
                throw e;
            }
        }
    }

    private static boolean isBefore(String time, Instant limit) throws IOException {
        try {
            return Instant.parse(time).isBefore(limit);
        } catch (DateTimeException e) {
            throw new IOException("the bucket listed an upload of the time " + time, e);
        }
    }

    /** What is done with a page of a listing. */
    private interface PageReader {
        void read(S3Xml page) throws IOException;
    }

    private void pages(S3Request request, PageReader reader) throws IOException {
        String next = "";
        do {
            S3Request asked = next.isEmpty() ? request : request.query("continuation-token", next);
            S3Xml page = S3Xml.parse(client.send(asked).body());
            if (!page.root().equals("ListBucketResult")) {
                throw new IOException("the bucket answered a listing with " + page.root());
            }
            reader.read(page);
            String following = page.value("NextContinuationToken");
            if (page.value("IsTruncated").equals("true") && (following.isEmpty() || following.equals(next))) {
                throw new IOException("the bucket cut a listing and did not say how it goes on");
            }
            next = page.value("IsTruncated").equals("true") ? following : "";
        } while (!next.isEmpty());
    }

    @Override
    public String toString() {
        return address.toString();
    }

    @Override
    public void close() {
        client.close();
    }
}
