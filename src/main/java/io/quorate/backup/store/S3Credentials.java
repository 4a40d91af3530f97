package io.quorate.backup.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/**
 * The credentials for a bucket: from a file, as Kubernetes mounts a Secret, or from the environment. Read for each request, so that they may be
 * exchanged. Any thread.
 */
final class S3Credentials {

    private static final String KEY = "aws_access_key_id";
    private static final String SECRET = "aws_secret_access_key";
    private static final String TOKEN = "aws_session_token";

    private final @Nullable Path file;
    private final UnaryOperator<@Nullable String> environment;

    /** @param file null takes them from the environment */
    S3Credentials(@Nullable Path file) {
        this(file, System::getenv);
    }

    S3Credentials(@Nullable Path file, UnaryOperator<@Nullable String> environment) {
        this.file = file;
        this.environment = environment;
    }

    /** @throws IOException if there are none; the message has nothing of them */
    AwsCredentialsIdentity get() throws IOException {
        Map<String, String> values = file == null ? ofEnvironment() : ofFile(file);
        String key = values.get(KEY);
        String secret = values.get(SECRET);
        if (key == null || secret == null || key.isEmpty() || secret.isEmpty()) {
            throw new IOException(
                    file == null
                            ? "there are no credentials: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set"
                            : file + " does not have " + KEY + " and " + SECRET);
        }
        String token = values.getOrDefault(TOKEN, "");
        return token.isEmpty()
                ? AwsCredentialsIdentity.create(key, secret)
                : AwsSessionCredentialsIdentity.create(key, secret, token);
    }

    private Map<String, String> ofEnvironment() {
        Map<String, String> values = new HashMap<>();
        for (String name : List.of(KEY, SECRET, TOKEN)) {
            String value = environment.apply(name.toUpperCase(Locale.ROOT));
            if (value != null) {
                values.put(name, value);
            }
        }
        return values;
    }

    /** The format of the tools of AWS; sections do not count, and the first line of a name does. */
    private static Map<String, String> ofFile(Path file) throws IOException {
        Map<String, String> values = new HashMap<>();
        for (String line : Files.readAllLines(file)) {
            String[] parts = line.split("=", 2);
            if (parts.length == 2) {
                values.putIfAbsent(parts[0].strip(), parts[1].strip());
            }
        }
        return values;
    }
}
