package io.quorate.tool;

import io.quorate.tool.Tool.ToolException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;

/** Whether a cluster takes a write and gives it back: a key of its own is put, got and deleted; or got alone, if nothing may change. */
final class Check {

    private final Options options;
    private final ClusterClient cluster;

    Check(Options options, ClusterClient cluster) {
        this.options = options;
        this.cluster = cluster;
    }

    String putAndGet() {
        String key = base64("quorate-check/" + options.optional("name").orElse("default"));
        String value = base64(Long.toString(ProcessHandle.current().pid()));
        return new RetryLoop(options.timeout(), cluster::lastFailure).until("an answer", () -> attempt(key, value));
    }

    /** A linearizable read, which needs a leader and a majority as a write does. */
    String get() {
        String key = base64("quorate-check/" + options.optional("name").orElse("default"));
        return new RetryLoop(options.timeout(), cluster::lastFailure)
                .until(
                        "an answer",
                        () -> cluster.call("/v3/kv/range", "{\"key\":\"" + key + "\"}")
                                .map(found -> "a read was answered"));
    }

    private Optional<String> attempt(String key, String value) {
        if (cluster.call("/v3/kv/put", "{\"key\":\"" + key + "\",\"value\":\"" + value + "\"}")
                .isEmpty()) {
            return Optional.empty();
        }
        String found = Objects.toString(cluster.require("/v3/kv/range", "{\"key\":\"" + key + "\"}"));
        if (!found.contains(value)) {
            throw new ToolException("The key was put, but a read gave " + found);
        }
        cluster.require("/v3/kv/deleterange", "{\"key\":\"" + key + "\"}");
        return Optional.of("a key was put, got and deleted");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
