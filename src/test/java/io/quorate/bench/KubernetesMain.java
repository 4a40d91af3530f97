package io.quorate.bench;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import org.HdrHistogram.Histogram;

/**
 * What Kubernetes' API server asks for, as {@link StoredObjects} has it: {@code --keys} objects are created, updated, listed in pages and
 * deleted by {@code --in-flight} clients, while {@code --watchers} watchers of all of them record how long each event takes.
 * {@code --rate} paces creates, updates and deletes. Prints one line for each figure: what, tabulator, number.
 */
public final class KubernetesMain {

    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MILLIS_PER_SECOND = 1e3;
    private static final double P50 = 50;
    private static final double P99 = 99;
    private static final int LISTS = 10;

    private final LoadSettings options;
    private final StoredObjects objects;
    private final List<StoredObjects.Watch> watches = new ArrayList<>();

    private KubernetesMain(LoadSettings options, List<Channel> channels) throws InterruptedException {
        this.options = options;
        this.objects = new StoredObjects(channels, options.keys(), options.valueBytes());
        for (int watcher = 0; watcher < options.watchers(); watcher++) {
            watches.add(objects.watch(watcher));
        }
        for (StoredObjects.Watch watch : watches) {
            watch.awaitCreation();
        }
    }

    public static void main(String... arguments) throws InterruptedException, ExecutionException {
        LoadSettings options = LoadSettings.parse(arguments);
        List<ManagedChannel> channels = new ArrayList<>();
        for (int connection = 0; connection < options.connections(); connection++) {
            channels.add(NettyChannelBuilder.forAddress(options.endpoint(connection))
                    .usePlaintext()
                    .directExecutor()
                    .build());
        }
        new KubernetesMain(options, List.copyOf(channels)).run();
        channels.forEach(ManagedChannel::shutdownNow);
        System.exit(0);
    }

    private void run() throws InterruptedException, ExecutionException {
        double before = processor();
        changes("creates", objects::put);
        changes("updates", objects::put);
        lists();
        changes("deletes", objects::delete);
        print("processor of all, s", processor() - before);
        watches.forEach(StoredObjects.Watch::finish);
    }

    /** Each object once. */
    private void changes(String what, StoredObjects.Change change) throws InterruptedException, ExecutionException {
        long begin = System.nanoTime();
        Clients clients = new Clients(options.inFlight(), options.keys(), options.rate(), change);
        Histogram latencies = clients.run();
        double seconds = (System.nanoTime() - begin) / NANOS_PER_SECOND;
        Histogram events = Recorder.emptyHistogram();
        for (StoredObjects.Watch watch : watches) {
            watch.takeAll(options.keys(), events);
        }
        if (options.rate() == 0) {
            print(what + " a second", options.keys() / seconds);
        }
        print(what + ": p50, ms", latencies.getValueAtPercentile(P50) / NANOS_PER_MILLI);
        print(what + ": p99, ms", latencies.getValueAtPercentile(P99) / NANOS_PER_MILLI);
        if (events.getTotalCount() > 0) {
            print(what + ": event p50, ms", events.getValueAtPercentile(P50) / NANOS_PER_MILLI);
            print(what + ": event p99, ms", events.getValueAtPercentile(P99) / NANOS_PER_MILLI);
        }
    }

    private void lists() {
        long begin = System.nanoTime();
        for (int list = 0; list < LISTS; list++) {
            objects.list(list);
        }
        double seconds = (System.nanoTime() - begin) / NANOS_PER_SECOND;
        print("a list of all in pages, ms", seconds * MILLIS_PER_SECOND / LISTS);
    }

    private double processor() {
        return ProcessUsage.of(options.pids()).cpuSeconds();
    }

    private static void print(String what, double figure) {
        System.out.printf(Locale.ROOT, "%s\t%.2f%n", what, figure);
    }
}
