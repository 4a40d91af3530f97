package io.quorate.api.rest;

import com.google.protobuf.ByteString;
import com.sun.management.OperatingSystemMXBean;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.quorate.api.port.EdgeFixture;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.PutRequest;
import io.quorate.proto.PutResponse;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * Load on the edge alone: puts of 1 KiB to a service that answers at once, client and server in one process. Prints
 * calls per second, latencies, and the CPU time of a call, which holds on a busy machine too. Arguments: {@code json|grpc connections seconds}.
 */
public final class EdgeLoad {

    private static final LongAdder DONE = new LongAdder();
    private static final ConcurrentHistogram LATENCY = new ConcurrentHistogram(3);

    private EdgeLoad() {}

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        String kind = arguments[0];
        int connections = Integer.parseInt(arguments[1]);
        int seconds = Integer.parseInt(arguments[2]);
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        try (EdgeFixture edge = EdgeFixture.start()) {
            AutoCloseable load = kind.equals("json") ? json(edge.port(), connections) : grpc(edge.port(), connections);
            for (int second = 1; second <= seconds; second++) {
                long before = DONE.sum();
                long cpuBefore = system.getProcessCpuTime();
                LATENCY.reset();
                Thread.sleep(1000);
                long calls = DONE.sum() - before;
                double cpuMicros = (system.getProcessCpuTime() - cpuBefore) / 1000.0 / Math.max(1, calls);
                System.out.printf(
                        "%s second %d: %d calls/s, p50 %d us, p99 %d us, %.1f us of CPU a call (client and server)%n",
                        kind,
                        second,
                        calls,
                        LATENCY.getValueAtPercentile(50),
                        LATENCY.getValueAtPercentile(99),
                        cpuMicros);
            }
            load.close();
        }
        System.exit(0);
    }

    private static AutoCloseable json(int port, int connections) throws InterruptedException {
        String value = Base64.getEncoder().encodeToString(new byte[1024]);
        byte[] body = ("{\"key\":\"Zm9v\",\"value\":\"" + value + "\"}").getBytes(StandardCharsets.US_ASCII);
        String head =
                "POST /v3/kv/put HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length + "\r\n\r\n";
        ByteBuf request =
                Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(head.getBytes(StandardCharsets.US_ASCII), body)
                        .copy());
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        Bootstrap bootstrap = new Bootstrap()
                .group(group)
                .channel(EpollSocketChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new JsonCaller(request));
                    }
                });
        for (int i = 0; i < connections; i++) {
            bootstrap.connect("127.0.0.1", port).sync();
        }
        return () -> group.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS)
                .sync();
    }

    /** Answers are all alike and small, so one that ends with the closing braces is complete. */
    private static final class JsonCaller extends ChannelInboundHandlerAdapter {

        private final ByteBuf request;
        private long begin;

        JsonCaller(ByteBuf request) {
            this.request = request;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            call(ctx);
        }

        private void call(ChannelHandlerContext ctx) {
            begin = System.nanoTime();
            ctx.writeAndFlush(request.duplicate());
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            boolean complete = bytes.getByte(bytes.writerIndex() - 1) == '}';
            bytes.release();
            if (complete) {
                LATENCY.recordValue((System.nanoTime() - begin) / 1000);
                DONE.increment();
                call(ctx);
            }
        }
    }

    private static AutoCloseable grpc(int port, int inFlight) {
        PutRequest put = PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8("foo"))
                .setValue(ByteString.copyFrom(new byte[1024]))
                .build();
        List<ManagedChannel> channels = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            channels.add(NettyChannelBuilder.forAddress("127.0.0.1", port)
                    .usePlaintext()
                    .directExecutor()
                    .build());
        }
        for (int i = 0; i < inFlight; i++) {
            grpcCall(KVGrpc.newStub(channels.get(i % channels.size())), put);
        }
        return () -> channels.forEach(ManagedChannel::shutdownNow);
    }

    private static void grpcCall(KVGrpc.KVStub stub, PutRequest put) {
        long begin = System.nanoTime();
        stub.put(put, new StreamObserver<>() {
            @Override
            public void onNext(PutResponse response) {
                LATENCY.recordValue((System.nanoTime() - begin) / 1000);
                DONE.increment();
            }

            @Override
            public void onError(Throwable failure) {
                // the run is over
            }

            @Override
            public void onCompleted() {
                grpcCall(stub, put);
            }
        });
    }
}
