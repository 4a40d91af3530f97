package io.quorate.integration.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.options.PutOption;
import io.grpc.Status;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** jetcd with text and patience. */
final class Jetcd implements AutoCloseable {

    private static final int ATTEMPTS = 10;

    private final Client client;

    Jetcd(Collection<URI> endpoints) {
        client = Client.builder().endpoints(endpoints).build();
    }

    void put(String key, String value) throws Exception {
        answer(() -> client.getKVClient().put(bytes(key), bytes(value)));
    }

    /** With a lease that is not renewed. */
    void putFor(long seconds, String key, String value) throws Exception {
        long lease = answer(() -> client.getLeaseClient().grant(seconds)).getID();
        PutOption leased = PutOption.builder().withLeaseId(lease).build();
        answer(() -> client.getKVClient().put(bytes(key), bytes(value), leased));
    }

    List<String> get(String key) throws Exception {
        return answer(() -> client.getKVClient().get(bytes(key))).getKvs().stream()
                .map(KeyValue::getValue)
                .map(value -> value.toString(UTF_8))
                .toList();
    }

    /** What was on its way to a leader that died is asked once more, as etcd's own clients leave it to their callers. */
    private static <T> T answer(Supplier<CompletableFuture<T>> call) throws Exception {
        for (int attempt = 1; ; attempt++) {
            try {
                return call.get().get(2, TimeUnit.MINUTES);
            } catch (ExecutionException failed) {
                if (attempt == ATTEMPTS || Status.fromThrowable(failed).getCode() != Status.Code.UNAVAILABLE) {
                    throw failed;
                }
            }
        }
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, UTF_8);
    }

    @Override
    public void close() {
        client.close();
    }
}
