package io.quorate.bench;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.PutRequest;
import io.quorate.proto.WatchCreateRequest;
import io.quorate.proto.WatchGrpc;
import io.quorate.proto.WatchRequest;
import io.quorate.proto.WatchResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What very many watchers cost a member: each watches a key of its own, a thousand on a stream. Prints the live memory of
 * the server for each watcher (objects reachable after a collection, by {@code jcmd}), puts beside them, and how fast each of
 * them gets an event. Options as for {@link LoadMain}; {@code --pid} is needed.
 */
public final class WatchersMain {

    private static final int WATCHERS_PER_STREAM = 1_000;
    private static final int PUTS_AT_A_TIME = 256;
    private static final double NANOS_PER_SECOND = 1e9;

    private final LoadSettings options;
    private final List<ManagedChannel> channels = new ArrayList<>();

    private WatchersMain(LoadSettings options) {
        this.options = options;
        for (int connection = 0; connection < options.connections(); connection++) {
            channels.add(NettyChannelBuilder.forAddress(options.endpoint(connection))
                    .usePlaintext()
                    .build());
        }
    }

    public static void main(String... arguments) throws InterruptedException, IOException, ExecutionException {
        LoadSettings options = LoadSettings.parse(arguments);
        WatchersMain run = new WatchersMain(options);
        System.out.println("to warm up: " + puts(options));
        System.out.println("without watchers: " + puts(options));
        long before = liveBytes(options.pids().getFirst());
        CountDownLatch events = new CountDownLatch(options.watchers());
        long begin = System.nanoTime();
        run.open(events);
        double seconds = (System.nanoTime() - begin) / NANOS_PER_SECOND;
        long perWatcher = (liveBytes(options.pids().getFirst()) - before) / options.watchers();
        System.out.printf(
                Locale.ROOT,
                "%d watchers on %d streams: %d bytes each, opened in %.1f s%n",
                options.watchers(),
                Math.ceilDiv(options.watchers(), WATCHERS_PER_STREAM),
                perWatcher,
                seconds);
        System.out.println("with watchers: " + puts(options));
        run.touchAll(events);
        run.channels.forEach(ManagedChannel::shutdownNow);
        System.exit(0);
    }

    private static String puts(LoadSettings options) throws InterruptedException, IOException {
        try (LoadRun load = new LoadRun(options)) {
            return load.measure().text();
        }
    }

    private static ByteString key(int watcher) {
        return ByteString.copyFromUtf8(String.format(Locale.ROOT, "watched/%08d", watcher));
    }

    private void open(CountDownLatch events) throws InterruptedException {
        CountDownLatch created = new CountDownLatch(options.watchers());
        for (int first = 0; first < options.watchers(); first += WATCHERS_PER_STREAM) {
            ManagedChannel channel = channels.get(first / WATCHERS_PER_STREAM % channels.size());
            StreamObserver<WatchRequest> requests = WatchGrpc.newStub(channel).watch(new Observer(created, events));
            int last = Math.min(options.watchers(), first + WATCHERS_PER_STREAM);
            for (int watcher = first; watcher < last; watcher++) {
                requests.onNext(WatchRequest.newBuilder()
                        .setCreateRequest(WatchCreateRequest.newBuilder().setKey(key(watcher)))
                        .build());
            }
        }
        created.await();
    }

    /** Writes every watched key once and waits until every watcher has seen it. */
    private void touchAll(CountDownLatch events) throws InterruptedException {
        Semaphore room = new Semaphore(PUTS_AT_A_TIME);
        long begin = System.nanoTime();
        for (int watcher = 0; watcher < options.watchers(); watcher++) {
            room.acquire();
            KVGrpc.newFutureStub(channels.get(watcher % channels.size()))
                    .put(PutRequest.newBuilder().setKey(key(watcher)).build())
                    .addListener(room::release, Runnable::run);
        }
        if (!events.await(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException(events.getCount() + " events did not come");
        }
        double seconds = (System.nanoTime() - begin) / NANOS_PER_SECOND;
        System.out.printf(
                Locale.ROOT,
                "%d keys written and seen in %.1f s: %.0f events/s%n",
                options.watchers(),
                seconds,
                options.watchers() / seconds);
    }

    private record Observer(CountDownLatch created, CountDownLatch events) implements StreamObserver<WatchResponse> {

        @Override
        public void onNext(WatchResponse response) {
            if (response.getCreated()) {
                created.countDown();
            }
            response.getEventsList().forEach(event -> events.countDown());
        }

        @Override
        public void onError(Throwable failure) {
            if (events.getCount() > 0) {
                System.err.println("Watch lost: " + failure);
            }
        }

        @Override
        public void onCompleted() {
            onError(new IllegalStateException("ended by the server"));
        }
    }

    /** The last line of the histogram is the total: number of objects, bytes. */
    private static long liveBytes(long pid) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder("jcmd", Long.toString(pid), "GC.class_histogram")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String total = "";
        try (var lines = jcmd.inputReader()) {
            total = lines.lines()
                    .filter(line -> line.startsWith("Total"))
                    .findFirst()
                    .orElse("");
        }
        if (jcmd.waitFor() != 0 || total.isEmpty()) {
            throw new IllegalStateException("jcmd does not reach process " + pid);
        }
        String[] words = total.trim().split("\\s+");
        return Long.parseLong(words[2]);
    }
}
