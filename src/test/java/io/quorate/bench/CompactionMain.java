package io.quorate.bench;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.quorate.proto.CompactionRequest;
import io.quorate.proto.CompactionResponse;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.RangeRequest;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/**
 * What a compaction of much history costs those who write meanwhile: writes every key ten times, then measures puts without
 * and with a compaction of all of it going on. Options as for {@link LoadMain}; {@code --rate} keeps the load the same.
 */
public final class CompactionMain {

    private static final int ROUNDS = 10;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;

    private CompactionMain() {}

    public static void main(String... arguments) throws InterruptedException, ExecutionException, IOException {
        LoadSettings options = LoadSettings.parse(arguments);
        for (int round = 0; round < ROUNDS; round++) {
            try (LoadRun filling = new LoadRun(options.forFilling())) {
                filling.fill();
            }
        }
        LoadResult without = measure(options);
        System.out.println("without: " + without.text());
        ManagedChannel channel = NettyChannelBuilder.forAddress(options.endpoint(0))
                .usePlaintext()
                .build();
        long revision = KVGrpc.newBlockingStub(channel)
                .range(RangeRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8("none"))
                        .build())
                .getHeader()
                .getRevision();
        long begin = System.nanoTime();
        ListenableFuture<CompactionResponse> compaction = KVGrpc.newFutureStub(channel)
                .compact(CompactionRequest.newBuilder()
                        .setRevision(revision)
                        .setPhysical(true)
                        .build());
        AtomicLong end = new AtomicLong();
        compaction.addListener(() -> end.set(System.nanoTime()), Runnable::run);
        LoadResult with = measure(options);
        boolean whole = !compaction.isDone();
        System.out.println("with: " + with.text());
        var _ = compaction.get();
        System.out.printf(
                Locale.ROOT,
                "compaction of %d revisions in %.1f s, the measurement %s; p99 %.2f times, p50 %.2f times%n",
                revision,
                (end.get() - begin) / NANOS_PER_SECOND,
                whole ? "was within it" : "outlasted it",
                ratio(with, without, 99),
                ratio(with, without, 50));
        channel.shutdownNow();
    }

    private static double ratio(LoadResult with, LoadResult without, double percentile) {
        return millis(with.latencies(), percentile) / millis(without.latencies(), percentile);
    }

    private static double millis(Histogram latencies, double percentile) {
        return latencies.getValueAtPercentile(percentile) / NANOS_PER_MILLI;
    }

    private static LoadResult measure(LoadSettings options) throws InterruptedException, IOException {
        try (LoadRun run = new LoadRun(options)) {
            return run.measure();
        }
    }
}
