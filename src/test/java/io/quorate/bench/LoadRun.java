package io.quorate.bench;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.quorate.proto.KVGrpc;
import io.quorate.proto.LeaseGrantRequest;
import io.quorate.proto.LeaseGrpc;
import io.quorate.proto.LeaseKeepAliveRequest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** One workload from connecting to the last answer. */
final class LoadRun implements AutoCloseable {

    private static final int LEASES = 1_000;
    private static final int WINDOW_BYTES = 4 << 20;
    private static final double NANOS_PER_SECOND = 1e9;

    private final LoadSettings options;
    private final MultiThreadIoEventLoopGroup group;
    private final List<EventLoop> loops = new ArrayList<>();
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final List<Channel> callers = new ArrayList<>(); // one for each connection
    private final List<Recorder> recorders = new ArrayList<>();
    private final SplittableRandom seeds = new SplittableRandom(1);
    private final long firstLease = ThreadLocalRandom.current().nextLong(1L << 48, 1L << 62); // runs share a server

    private final @Nullable LoadUsers users;
    private @Nullable Watchers watchers;

    LoadRun(LoadSettings options) {
        this.options = options;
        group = new MultiThreadIoEventLoopGroup(options.threads(), EpollIoHandler.newFactory());
        for (int connection = 0; connection < options.connections(); connection++) {
            EventLoop loop = (EventLoop) group.next();
            loops.add(loop);
            recorders.add(new Recorder());
            callers.add(options.retry() ? failover(connection, loop) : channel(options.endpoint(connection), loop));
        }
        users = options.users() > 0 ? new LoadUsers(callers.getFirst(), options.users()) : null;
    }

    private Channel failover(int connection, EventLoop loop) {
        return new Failover(
                options.endpoints().stream()
                        .map(endpoint -> channel(endpoint, loop))
                        .toList(),
                connection);
    }

    private ManagedChannel channel(InetSocketAddress endpoint, EventLoop loop) {
        ManagedChannel channel = NettyChannelBuilder.forAddress(endpoint)
                .usePlaintext()
                .directExecutor()
                .disableRetry()
                .eventLoopGroup(loop)
                .channelType(EpollSocketChannel.class)
                .flowControlWindow(WINDOW_BYTES)
                .maxInboundMessageSize(Integer.MAX_VALUE)
                .build();
        channels.add(channel);
        return channel;
    }

    /** Writes every key once. */
    void fill() throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        Phase phase = new Phase(options, options.keys());
        start(phase, 0, slot -> new Messages(options, seeds.split()).fillingPuts(next));
        phase.awaitEnd();
        failIfErrors();
    }

    /** Runs the workload and says what came of it. */
    LoadResult measure() throws InterruptedException, IOException {
        if (options.workload() == Workload.KEEPALIVE) {
            grantLeases();
        }
        Phase phase = new Phase(options, Long.MAX_VALUE);
        List<Recorder> counted = recorders;
        if (options.workload() == Workload.WATCH) {
            counted = Stream.generate(Recorder::new).limit(options.streams()).toList();
            watchers = new Watchers(options, counted, phase);
        }
        double intervalNanos = options.rate() > 0 ? NANOS_PER_SECOND * options.inFlight() / options.rate() : 0;
        start(phase, Math.round(intervalNanos), slot -> messages());
        parkUntil(phase.countFrom);
        List<Long> own = List.of(ProcessHandle.current().pid());
        ProcessUsage before = ProcessUsage.of(options.pids());
        double ownBefore = ProcessUsage.of(own).cpuSeconds();
        MachineUsage machineBefore = MachineUsage.now();
        parkUntil(phase.countTo);
        ProcessUsage after = ProcessUsage.of(options.pids());
        double ownAfter = ProcessUsage.of(own).cpuSeconds();
        MachineUsage machine = MachineUsage.now().since(machineBefore);
        phase.awaitEnd();
        Histogram latencies = Recorder.emptyHistogram();
        counted.forEach(recorder -> recorder.addTo(latencies));
        return new LoadResult(
                options,
                latencies,
                recorders.stream().mapToLong(Recorder::errors).sum(),
                recorders.stream().mapToLong(Recorder::retries).sum(),
                after.cpuSeconds() - before.cpuSeconds(),
                ownAfter - ownBefore,
                after.residentBytes(),
                machine.stolenShare());
    }

    private void start(Phase phase, long intervalNanos, Function<Slot, Supplier<byte[]>> messages) {
        long begin = System.nanoTime();
        for (int number = 0; number < options.inFlight(); number++) {
            int connection = number % options.connections();
            Slot slot =
                    new Slot(loops.get(connection), recorders.get(connection), phase, intervalNanos, options.retry());
            slot.start(operation(number, slot, messages), begin + intervalNanos * number / options.inFlight());
        }
    }

    private Operation operation(int number, Slot slot, Function<Slot, Supplier<byte[]>> messages) {
        int connection = number % options.connections();
        String token = users == null ? null : users.token(number);
        Channel channel = callers.get(connection);
        return switch (options.workload()) {
            case PUT, WATCH ->
                new UnaryOperation(channel, RawMessages.raw(KVGrpc.getPutMethod()), messages.apply(slot), slot, token);
            case GET, GET_SERIALIZABLE, RANGE, COUNT ->
                new UnaryOperation(
                        channel, RawMessages.raw(KVGrpc.getRangeMethod()), messages.apply(slot), slot, token);
            case TXN ->
                new UnaryOperation(channel, RawMessages.raw(KVGrpc.getTxnMethod()), messages.apply(slot), slot, token);
            case KEEPALIVE -> new KeepAliveOperation(channel, messages.apply(slot), slot);
            case JSON_PUT ->
                new JsonPutOperation(loops.get(connection), options.endpoint(connection), options, seeds.split(), slot);
        };
    }

    private Supplier<byte[]> messages() {
        SplittableRandom random = seeds.split();
        Messages messages = new Messages(options, random);
        return switch (options.workload()) {
            case PUT, JSON_PUT -> messages.puts();
            case GET -> messages.gets(false);
            case GET_SERIALIZABLE -> messages.gets(true);
            case RANGE -> messages.ranges();
            case COUNT -> messages.counts();
            case TXN -> messages.txns();
            case WATCH -> messages.timedPuts();
            case KEEPALIVE -> renewals(random);
        };
    }

    private Supplier<byte[]> renewals(SplittableRandom random) {
        byte[][] renewals = new byte[LEASES][];
        for (int i = 0; i < LEASES; i++) {
            renewals[i] = LeaseKeepAliveRequest.newBuilder()
                    .setID(firstLease + i)
                    .build()
                    .toByteArray();
        }
        return () -> renewals[random.nextInt(LEASES)];
    }

    private void grantLeases() {
        LeaseGrpc.LeaseBlockingStub leases = LeaseGrpc.newBlockingStub(callers.getFirst());
        for (int i = 0; i < LEASES; i++) {
            var _ = leases.leaseGrant(LeaseGrantRequest.newBuilder()
                    .setID(firstLease + i)
                    .setTTL(3600)
                    .build());
        }
    }

    private void failIfErrors() {
        long errors = recorders.stream().mapToLong(Recorder::errors).sum();
        if (errors > 0) {
            throw new IllegalStateException(errors + " calls failed while the keys were written");
        }
    }

    private static void parkUntil(long nanoTime) {
        for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public void close() {
        if (watchers != null) {
            watchers.close();
        }
        if (users != null) {
            users.close();
        }
        channels.forEach(ManagedChannel::shutdownNow);
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
