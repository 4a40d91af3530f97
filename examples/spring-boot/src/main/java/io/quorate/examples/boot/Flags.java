package io.quorate.examples.boot;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.Watch.Watcher;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Which features are on: those with a key below {@code flags/}. It follows changes without a read for each question. */
public class Flags implements AutoCloseable {

    private static final String PREFIX = "flags/";
    private static final ByteSequence KEYS = ByteSequence.from(PREFIX, UTF_8);

    private final Set<String> on = ConcurrentHashMap.newKeySet();
    private final Watcher watcher;

    Flags(Client client) {
        GetResponse read = client.getKVClient()
                .get(KEYS, GetOption.builder().isPrefix(true).build())
                .join();
        read.getKvs().forEach(found -> on.add(name(found)));
        WatchOption after = WatchOption.builder()
                .isPrefix(true)
                .withRevision(read.getHeader().getRevision() + 1)
                .build();
        watcher = client.getWatchClient()
                .watch(KEYS, after, changes -> changes.getEvents().forEach(this::follow));
    }

    /** Whether a feature is on. */
    public boolean isOn(String feature) {
        return on.contains(feature);
    }

    private void follow(WatchEvent change) {
        if (change.getEventType() == WatchEvent.EventType.PUT) {
            on.add(name(change.getKeyValue()));
        } else {
            on.remove(name(change.getKeyValue()));
        }
    }

    private static String name(KeyValue found) {
        return found.getKey().toString(UTF_8).substring(PREFIX.length());
    }

    @Override
    public void close() {
        watcher.close();
    }
}
