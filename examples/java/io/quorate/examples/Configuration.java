package io.quorate.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.Watch.Watcher;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.WatchOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * Settings that a program reads at its start and follows. The watch begins with the revision after the read, so no change is lost
 * between the two.
 */
public final class Configuration {

    private static final ByteSequence PREFIX = bytes("settings/");

    private Configuration() {}

    /** @param endpoints of the members */
    public static void main(String[] endpoints) throws Exception {
        try (Client client = Client.builder().endpoints(endpoints).build()) {
            client.getKVClient().put(bytes("settings/colour"), bytes("green")).get();

            GetResponse read = client.getKVClient()
                    .get(PREFIX, GetOption.builder().isPrefix(true).build())
                    .get();
            Map<String, String> settings = new ConcurrentHashMap<>();
            read.getKvs().forEach(found -> put(settings, found));
            System.out.println("read " + settings);

            CountDownLatch changed = new CountDownLatch(1);
            WatchOption after = WatchOption.builder()
                    .isPrefix(true)
                    .withRevision(read.getHeader().getRevision() + 1)
                    .build();
            try (Watcher watcher = client.getWatchClient().watch(PREFIX, after, events -> {
                events.getEvents().forEach(event -> put(settings, event.getKeyValue()));
                changed.countDown();
            })) {
                client.getKVClient()
                        .put(bytes("settings/colour"), bytes("blue"))
                        .get();
                changed.await();
            }
            System.out.println("changed " + settings);
        }
    }

    private static void put(Map<String, String> settings, KeyValue found) {
        settings.put(text(found.getKey()), text(found.getValue()));
    }

    private static String text(ByteSequence bytes) {
        return bytes.toString(UTF_8);
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, UTF_8);
    }
}
