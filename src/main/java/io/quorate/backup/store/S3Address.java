package io.quorate.backup.store;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a bucket is, from a URL such as {@code s3://backups/prod?region=eu-central-1} or
 * {@code s3://backups/prod?endpoint=https://minio.example:9000&ca-file=/etc/ca.pem}.
 *
 * @param endpoint scheme, host and port of the service
 * @param region that signatures name
 * @param bucket its name
 * @param prefix of all names, with a slash behind it; empty for none
 * @param pathStyle whether the bucket is the first part of the path; otherwise of the host
 * @param caFile trusted authorities in PEM; null for those of the platform
 */
record S3Address(
        URI endpoint,
        String region,
        String bucket,
        String prefix,
        boolean pathStyle,
        @Nullable Path caFile) {

    private static final Set<String> PARAMETERS = Set.of("endpoint", "region", "path-style", "ca-file");
    private static final int BUCKET_MIN = 3;
    private static final int BUCKET_MAX = 63;
    private static final String DEFAULT_REGION = "us-east-1";

    /** @throws IllegalArgumentException saying what is wrong */
    static S3Address of(URI url) {
        Map<String, String> given = parameters(url);
        String bucket = url.getAuthority() == null ? "" : url.getAuthority();
        if (!bucket.isEmpty() && (bucket.length() < BUCKET_MIN || bucket.length() > BUCKET_MAX)) {
            throw new IllegalArgumentException(url + ": the name of a bucket has " + BUCKET_MIN + " to " + BUCKET_MAX
                    + " characters, and '" + bucket + "' has " + bucket.length());
        }
        if (!bucket.matches("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")) {
            throw new IllegalArgumentException(url + " names no bucket: it must begin with s3://BUCKET");
        }
        String path = url.getPath().replaceAll("^/+|/+$", "");
        if (!path.isEmpty() && !path.matches("[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*")) {
            throw new IllegalArgumentException(
                    url + " has a prefix with other characters than letters, digits, . _ - and /");
        }
        String region = given.getOrDefault("region", DEFAULT_REGION);
        if (!region.matches("[A-Za-z0-9-]{1,64}")) {
            throw new IllegalArgumentException(url + " has no usable region");
        }
        boolean own = given.containsKey("endpoint");
        URI endpoint = endpoint(given.getOrDefault("endpoint", "https://s3." + region + ".amazonaws.com"));
        String style = given.getOrDefault("path-style", Boolean.toString(own));
        if (!style.equals("true") && !style.equals("false")) {
            throw new IllegalArgumentException(url + ": path-style must be true or false");
        }
        String caFile = given.get("ca-file");
        return new S3Address(
                endpoint,
                region,
                bucket,
                path.isEmpty() ? "" : path + "/",
                style.equals("true"),
                caFile == null ? null : Path.of(caFile));
    }

    private static URI endpoint(String text) {
        try {
            URI endpoint = URI.create(text);
            boolean usable = ("https".equals(endpoint.getScheme()) || "http".equals(endpoint.getScheme()))
                    && endpoint.getHost() != null
                    && endpoint.getRawUserInfo() == null
                    && endpoint.getPath().replace("/", "").isEmpty();
            if (usable) {
                return endpoint;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the endpoint " + text + " is no URL", e);
        }
        throw new IllegalArgumentException(
                "the endpoint " + text + " must be written as https://HOST or https://HOST:PORT");
    }

    private static Map<String, String> parameters(URI url) {
        Map<String, String> given = new HashMap<>();
        String query = url.getRawQuery();
        for (String each : query == null ? new String[0] : query.split("&")) {
            String[] parts = each.split("=", 2);
            if (parts.length < 2 || !PARAMETERS.contains(parts[0])) {
                throw new IllegalArgumentException(url + ": there is no parameter " + parts[0]
                        + ", only endpoint, region, path-style and ca-file");
            }
            given.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return given;
    }

    /** The host that is called. */
    String host() {
        return pathStyle ? endpoint.getHost() : bucket + "." + endpoint.getHost();
    }

    /** The path of an object; of the bucket for an empty name. */
    String path(String name) {
        String object = name.isEmpty() ? "" : prefix + name;
        return pathStyle ? "/" + bucket + (object.isEmpty() ? "" : "/" + object) : "/" + object;
    }

    @Override
    public String toString() {
        return "s3://" + bucket + "/" + prefix + " at " + endpoint.getHost();
    }
}
