package io.quorate.bench;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RangeRequest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What few clients that list everything do to all others: how long small gets and the liveness page take beside them. Options as
 * for {@link LoadMain}; {@code --connections} clients list 150 MB each, again and again.
 */
public final class ListsMain {

    private static final int KEYS = 10_000;
    private static final int VALUE_BYTES = 15_000;
    private static final int MESSAGE_BYTES_MAX = 1 << 30;
    private static final int FILL_AT_A_TIME = 64;

    private final LoadSettings options;
    private final InetSocketAddress server;
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger lists = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

    private ListsMain(LoadSettings options) {
        this.options = options;
        this.server = options.endpoint(0);
    }

    public static void main(String... arguments) throws Exception {
        new ListsMain(LoadSettings.parse(arguments)).run();
    }

    private void run() throws InterruptedException {
        fill();
        List<Thread> listing = new ArrayList<>();
        for (int i = 0; i < options.connections(); i++) {
            listing.add(Thread.ofPlatform().start(this::list));
        }
        List<Long> gets = new ArrayList<>();
        List<Long> pages = new ArrayList<>();
        Thread getting = Thread.ofPlatform().start(() -> get(gets));
        Thread watching = Thread.ofPlatform().start(() -> page(pages));
        boolean unused = new CountDownLatch(1).await(options.duration().toMillis(), TimeUnit.MILLISECONDS);
        over.set(true);
        getting.join();
        watching.join();
        for (Thread each : listing) {
            each.join();
        }
        System.out.printf(Locale.ROOT, "%d lists of 150 MB by %d clients%n", lists.get(), listing.size());
        print("small gets", gets);
        print("/livez", pages);
        failures.forEach(System.out::println);
    }

    private ManagedChannel channel() {
        return NettyChannelBuilder.forAddress(server)
                .usePlaintext()
                .maxInboundMessageSize(MESSAGE_BYTES_MAX)
                .build();
    }

    private void fill() {
        ManagedChannel channel = channel();
        ByteString value = ByteString.copyFrom(new byte[VALUE_BYTES]);
        var kv = KVGrpc.newFutureStub(channel);
        for (int i = 0; i < KEYS; i += FILL_AT_A_TIME) {
            List<Future<?>> open = new ArrayList<>();
            for (int j = i; j < Math.min(KEYS, i + FILL_AT_A_TIME); j++) {
                open.add(kv.put(PutRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8(String.format(Locale.ROOT, "list/%05d", j)))
                        .setValue(value)
                        .build()));
            }
            open.forEach(ListsMain::await);
        }
        channel.shutdownNow();
    }

    private static void await(Future<?> put) {
        try {
            put.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the keys cannot be written", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while writing the keys", e);
        }
    }

    private void list() {
        ManagedChannel channel = channel();
        RangeRequest all = RangeRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8("list/"))
                .setRangeEnd(ByteString.copyFromUtf8("list0"))
                .build();
        while (!over.get()) {
            try {
                if (KVGrpc.newBlockingStub(channel).range(all).getKvsCount() == KEYS) {
                    lists.incrementAndGet();
                }
            } catch (StatusRuntimeException e) {
                failures.add("a list ended with " + e.getStatus());
            }
        }
        channel.shutdownNow();
    }

    private void get(List<Long> nanos) {
        ManagedChannel channel = channel();
        RangeRequest one = RangeRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8("list/00007"))
                .setKeysOnly(true)
                .build();
        while (!over.get()) {
            long begun = System.nanoTime();
            if (KVGrpc.newBlockingStub(channel).range(one).getKvsCount() == 1) {
                nanos.add(System.nanoTime() - begun);
            }
        }
        channel.shutdownNow();
    }

    private void page(List<Long> nanos) {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://" + server.getHostString() + ":" + server.getPort() + "/livez"))
                .timeout(Duration.ofMinutes(2))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            while (!over.get()) {
                long begun = System.nanoTime();
                int status = http.send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode();
                nanos.add(System.nanoTime() - begun);
                if (status != 200) {
                    failures.add("/livez was " + status);
                }
            }
        } catch (IOException e) {
            failures.add("/livez: " + e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while asking", e);
        }
    }

    private static void print(String what, List<Long> nanos) {
        nanos.sort(null);
        System.out.printf(
                Locale.ROOT,
                "%-10s %6d, p50 %.1f ms, p99 %.1f ms, slowest %.1f ms%n",
                what,
                nanos.size(),
                nanos.get(nanos.size() / 2) / 1e6,
                nanos.get(nanos.size() * 99 / 100) / 1e6,
                nanos.getLast() / 1e6);
    }
}
