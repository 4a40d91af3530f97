package io.quorate.bench;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RangeRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What clients that ask for much, or behave badly, make a member hold: long lists, many large puts at once, messages that are
 * announced and do not come, bodies in tiny pieces. Prints how each call ended, the largest resident memory and the processor
 * time; with {@code --label=check} it ends with 1 when a call got no answer, an innocent one failed, or a bound was passed.
 * Options as for {@link LoadMain}; {@code --pid} is needed.
 */
public final class MemoryMain {

    private static final int LIST_KEYS = 10_000;
    private static final int LIST_VALUE_BYTES = 15_000;
    private static final int LISTS_AT_A_TIME = 6;
    private static final int PUTTERS = 400;
    private static final int PUT_BYTES = 1_450_000;
    private static final int STREAMS = 4_000;
    private static final int CHUNKS = 18_000;
    private static final int BEGUN_BYTES = 2_500_000;

    /** What announced messages may add to the resident memory: 116 kB were sent. */
    private static final long ANNOUNCED_BYTES_MAX = 256L * 1024 * 1024;

    /** Of processor time for a body of which the last 18 kB come byte by byte. */
    private static final double CHUNKS_SECONDS_MAX = 3;

    private final LoadSettings options;
    private final InetSocketAddress server;
    private final List<String> failures = new ArrayList<>();
    private volatile long residentMax;

    private MemoryMain(LoadSettings options) {
        this.options = options;
        this.server = options.endpoint(0);
    }

    public static void main(String... arguments) throws Exception {
        LoadSettings options = LoadSettings.parse(arguments);
        MemoryMain run = new MemoryMain(options);
        AtomicBoolean over = new AtomicBoolean();
        Thread looking = Thread.ofPlatform().daemon().start(() -> run.look(over));
        try (Innocent innocent = new Innocent(run.server)) {
            run.announcedMessages();
            run.tinyChunks();
            run.largePuts();
            run.longLists(1);
            run.longLists(LISTS_AT_A_TIME);
            innocent.report(run.failures);
        }
        over.set(true);
        looking.join();
        run.failures.forEach(failure -> System.out.println("FAILED: " + failure));
        System.exit(options.label().equals("check") && !run.failures.isEmpty() ? 1 : 0);
    }

    private long resident() {
        return ProcessUsage.of(options.pids()).residentBytes();
    }

    private void look(AtomicBoolean over) {
        CountDownLatch never = new CountDownLatch(1);
        try {
            while (!over.get() && !never.await(20, TimeUnit.MILLISECONDS)) {
                residentMax = Math.max(residentMax, resident());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A client that has nothing to do with the others, and whose calls must succeed. */
    private static final class Innocent implements AutoCloseable {

        private final ManagedChannel channel;
        private final AtomicBoolean over = new AtomicBoolean();
        private final AtomicInteger answered = new AtomicInteger();
        private final Map<String, Integer> refused = new TreeMap<>();
        private final Thread thread;
        private long slowestNanos;

        Innocent(InetSocketAddress server) {
            channel = NettyChannelBuilder.forAddress(server).usePlaintext().build();
            thread = Thread.ofPlatform().start(this::run);
        }

        private void run() {
            KVGrpc.KVBlockingStub kv = KVGrpc.newBlockingStub(channel);
            RangeRequest get = RangeRequest.newBuilder()
                    .setKey(ByteString.copyFromUtf8("innocent"))
                    .build();
            while (!over.get()) {
                long begin = System.nanoTime();
                try {
                    kv.withDeadlineAfter(1, TimeUnit.MINUTES).range(get);
                    answered.incrementAndGet();
                } catch (StatusRuntimeException e) {
                    refused.merge(e.getStatus().getCode().name(), 1, Integer::sum);
                }
                slowestNanos = Math.max(slowestNanos, System.nanoTime() - begin);
            }
        }

        void report(List<String> failures) throws InterruptedException {
            over.set(true);
            thread.join();
            System.out.printf(
                    Locale.ROOT,
                    "small gets beside: %d answered, the slowest after %.1f s, others %s%n",
                    answered.get(),
                    slowestNanos / 1e9,
                    refused);
            if (!refused.isEmpty()) {
                failures.add("small gets ended with " + refused);
            }
        }

        @Override
        public void close() {
            over.set(true);
            channel.shutdownNow();
        }
    }

    private void announcedMessages() throws IOException, InterruptedException {
        long before = resident();
        residentMax = before;
        double processor = ProcessUsage.of(options.pids()).cpuSeconds();
        try (RawHttp2 connection = new RawHttp2(server)) {
            byte[] announcement = {0, 0, 0x1f, 0, 0};
            for (int i = 0; i < STREAMS; i++) {
                int stream = 2 * i + 1;
                connection.send(RawHttp2.call(stream, "/etcdserverpb.KV/Put"));
                connection.send(RawHttp2.frame(RawHttp2.DATA, 0, stream, announcement));
                connection.drain();
            }
            settle();
        }
        long added = residentMax - before;
        System.out.printf(
                Locale.ROOT,
                "%d messages of 2 MB announced: %d MiB more, %.2f s of processor%n",
                STREAMS,
                added >> 20,
                ProcessUsage.of(options.pids()).cpuSeconds() - processor);
        if (added > ANNOUNCED_BYTES_MAX) {
            failures.add("announced messages took " + added + " bytes");
        }
    }

    private void tinyChunks() throws IOException, InterruptedException {
        double before = ProcessUsage.of(options.pids()).cpuSeconds();
        try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
            OutputStream out = socket.getOutputStream();
            String head = "POST /v3/kv/range HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
            String begun = "{\"key\":\"" + "A".repeat(BEGUN_BYTES);
            String first = Integer.toHexString(begun.length()) + "\r\n" + begun + "\r\n";
            out.write((head + first).getBytes(StandardCharsets.US_ASCII));
            out.write("1\r\nA\r\n".repeat(CHUNKS).getBytes(StandardCharsets.US_ASCII));
            out.flush();
            settle();
        }
        double seconds = ProcessUsage.of(options.pids()).cpuSeconds() - before;
        System.out.printf(Locale.ROOT, "%d chunks of a byte behind 2.5 MB: %.2f s of processor%n", CHUNKS, seconds);
        if (seconds > CHUNKS_SECONDS_MAX) {
            failures.add("tiny chunks took " + seconds + " s of processor");
        }
    }

    /** Until what was sent has been dealt with: a call on a connection of its own is answered, on every event loop. */
    private void settle() throws InterruptedException {
        for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
            ManagedChannel channel =
                    NettyChannelBuilder.forAddress(server).usePlaintext().build();
            KVGrpc.newBlockingStub(channel)
                    .range(RangeRequest.newBuilder()
                            .setKey(ByteString.copyFromUtf8("settle"))
                            .build());
            channel.shutdownNow();
        }
        TimeUnit.SECONDS.sleep(1); // what the kernel still holds
    }

    private void largePuts() throws InterruptedException {
        residentMax = 0;
        ByteString value = ByteString.copyFrom(new byte[PUT_BYTES]);
        Outcomes outcomes = new Outcomes();
        atOnce(PUTTERS, number -> {
            ManagedChannel channel =
                    NettyChannelBuilder.forAddress(server).usePlaintext().build();
            outcomes.note(() -> KVGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(2, TimeUnit.MINUTES)
                    .put(PutRequest.newBuilder()
                            .setKey(ByteString.copyFromUtf8("large/" + number % 10))
                            .setValue(value)
                            .build()));
            channel.shutdownNow();
        });
        report(PUTTERS + " clients that put 1.45 MB", outcomes);
    }

    private void longLists(int atATime) throws InterruptedException {
        ManagedChannel channel = NettyChannelBuilder.forAddress(server)
                .usePlaintext()
                .maxInboundMessageSize(Integer.MAX_VALUE)
                .build();
        if (atATime == 1) {
            fill(channel);
        }
        residentMax = 0;
        Outcomes outcomes = new Outcomes();
        RangeRequest list = RangeRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8("list/"))
                .setRangeEnd(ByteString.copyFromUtf8("list0"))
                .build();
        atOnce(
                atATime,
                number -> outcomes.note(() -> KVGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(5, TimeUnit.MINUTES)
                        .range(list)));
        channel.shutdownNow();
        report(atATime + " lists of 150 MB", outcomes);
    }

    private static void fill(ManagedChannel channel) throws InterruptedException {
        ByteString value = ByteString.copyFrom(new byte[LIST_VALUE_BYTES]);
        AtomicInteger next = new AtomicInteger();
        atOnce(8, ignored -> {
            KVGrpc.KVBlockingStub kv = KVGrpc.newBlockingStub(channel);
            for (int i = next.getAndIncrement(); i < LIST_KEYS; i = next.getAndIncrement()) {
                kv.put(PutRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8(String.format(Locale.ROOT, "list/%06d", i)))
                        .setValue(value)
                        .build());
            }
        });
    }

    private interface Client {
        void run(int number);
    }

    private static void atOnce(int clients, Client client) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            int number = i;
            threads.add(Thread.ofPlatform().start(() -> client.run(number)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void report(String what, Outcomes outcomes) {
        System.out.printf(Locale.ROOT, "%s: %s, at most %d MiB resident%n", what, outcomes.byCode, residentMax >> 20);
        Map<String, Integer> others = new TreeMap<>(outcomes.byCode);
        others.remove(Status.Code.OK.name());
        others.remove(Status.Code.RESOURCE_EXHAUSTED.name());
        if (!others.isEmpty()) {
            failures.add(what + ": " + others);
        }
    }

    private static final class Outcomes {

        private final Map<String, Integer> byCode = new TreeMap<>();

        void note(Runnable call) {
            String code = "OK";
            try {
                call.run();
            } catch (StatusRuntimeException e) {
                Status status = e.getStatus();
                boolean expected = status.getCode() == Status.Code.RESOURCE_EXHAUSTED;
                code = expected ? status.getCode().name() : status.toString();
            }
            synchronized (byCode) {
                byCode.merge(code, 1, Integer::sum);
            }
        }
    }
}
