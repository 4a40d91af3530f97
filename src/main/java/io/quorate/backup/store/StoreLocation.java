package io.quorate.backup.store;

import io.quorate.base.MonotonicClock;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Opens stores by their URL. */
public final class StoreLocation {

    private StoreLocation() {}

    /**
     * Opens a store; whether it is there shows at the first call.
     *
     * @param url {@code file:///directory} or {@code s3://bucket/prefix}
     * @param credentials file with those of S3; null takes them from the environment
     * @param clock measures for how long calls are tried
     * @throws IllegalArgumentException saying what is wrong with the URL
     */
    public static BackupStore open(String url, @Nullable Path credentials, MonotonicClock clock) {
        URI uri = parse(url);
        if ("file".equals(uri.getScheme())) {
            if (uri.getPath() == null || uri.getPath().isEmpty() || uri.getHost() != null || uri.getQuery() != null) {
                throw new IllegalArgumentException(url + " must be written as file:///DIRECTORY");
            }
            return new DirectoryStore(Path.of(uri.getPath()));
        }
        if ("s3".equals(uri.getScheme())) {
            S3Address address = S3Address.of(uri);
            S3Credentials named = new S3Credentials(credentials);
            return new S3Store(address, new S3Client(address, named, S3Client.Patience.USUAL, clock));
        }
        throw new IllegalArgumentException(url + " must begin with file:/// or s3://");
    }

    private static URI parse(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(url + " is no URL: " + e.getReason(), e);
        }
    }
}
