package io.quorate.bench;

import com.google.protobuf.ByteString;
import io.quorate.proto.WatchCreateRequest;
import io.quorate.proto.WatchRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Watchers of all keys, on {@code --streams} streams; they record how old the writes are that they see. */
final class Watchers implements AutoCloseable {

    private static final WatchRequest REQUEST = WatchRequest.newBuilder()
            .setCreateRequest(WatchCreateRequest.newBuilder()
                    .setKey(ByteString.copyFromUtf8(Template.PREFIX))
                    .setRangeEnd(ByteString.copyFromUtf8(Template.PREFIX.replace('/', '0'))))
            .build();

    private final List<WatchReader> readers = new ArrayList<>();

    /** Opens them and returns when all are created. */
    Watchers(LoadSettings options, List<Recorder> recorders, Phase phase) throws IOException, InterruptedException {
        CountDownLatch created = new CountDownLatch(options.watchers());
        for (int stream = 0; stream < options.streams(); stream++) {
            WatchReader reader = new WatchReader(options.endpoint(stream), recorders.get(stream), phase, created);
            readers.add(reader);
            Thread.ofPlatform().daemon().name("watch-" + stream).start(reader);
            for (int watcher = stream; watcher < options.watchers(); watcher += options.streams()) {
                reader.create(REQUEST);
            }
        }
        created.await();
    }

    @Override
    public void close() {
        readers.forEach(WatchReader::close);
    }
}
