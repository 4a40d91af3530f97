package io.quorate.node;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Proposals a second through the real node, log writer and log, every batch fsynced, with so many in flight all the time;
 * beside a control that writes as many bytes to an allocated file and syncs whatever waits, without log or consensus. The
 * directory is {@code -Dbench.directory}, by default the system's for temporary files, which should not be in memory.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 3, time = 3)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH initializes in @Setup
public class NodeThroughputBenchmark {

    private static final int OPERATIONS = 2_000;

    /** How many proposals wait for their result. */
    @Param({"1", "32", "256", "1000"})
    public int inFlight;

    /** The latencies of an iteration. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Latency {

        public double p50Micros;
        public double p99Micros;
    }

    /** A cluster of one. */
    @State(Scope.Thread)
    public static class OneVoter extends Running {

        @Override
        Load open(Path directory, int inFlight) throws IOException {
            return new NodeLoad(directory, 1, inFlight);
        }
    }

    /** Three members in this process, connected over loopback, on the same disk. */
    @State(Scope.Thread)
    public static class ThreeVoters extends Running {

        @Override
        Load open(Path directory, int inFlight) throws IOException {
            return new NodeLoad(directory, 3, inFlight);
        }
    }

    /** A thread that syncs whatever waits. */
    @State(Scope.Thread)
    public static class Control extends Running {

        @Override
        Load open(Path directory, int inFlight) throws IOException {
            return new BareGroupCommit(directory, inFlight);
        }
    }

    /** What is under load from the first iteration to the last. */
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init") // JMH initializes in @Setup
    public abstract static class Running {

        private BenchmarkDirectory directory;
        private Load load;

        abstract Load open(Path directory, int inFlight) throws IOException;

        @Setup
        public void start(NodeThroughputBenchmark benchmark) throws IOException {
            directory = BenchmarkDirectory.create("node-bench");
            load = open(directory.path(), benchmark.inFlight);
            load.completions().await(1);
        }

        @Setup(Level.Iteration)
        public void forget() {
            load.completions().forget();
        }

        @TearDown
        public void stop() throws IOException {
            load.close();
            directory.delete();
        }

        long await(Latency latency) {
            long done = load.completions().await(OPERATIONS);
            latency.p50Micros = load.completions().percentileMicros(50);
            latency.p99Micros = load.completions().percentileMicros(99);
            return done;
        }
    }

    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public long oneVoter(OneVoter running, Latency latency) {
        return running.await(latency);
    }

    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public long threeVoters(ThreeVoters running, Latency latency) {
        return running.await(latency);
    }

    @Benchmark
    @OperationsPerInvocation(OPERATIONS)
    public long bareGroupCommit(Control running, Latency latency) {
        return running.await(latency);
    }
}
