package io.quorate.embedded;

import io.quorate.base.LoopbackPorts;
import io.quorate.config.SettingNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A cluster of one or three members for a test, on free ports of the loopback address and with a temporary directory that is removed
 * when the cluster is closed.
 *
 * <pre>{@code
 * try (EmbeddedQuorate quorate = EmbeddedQuorate.start()) {
 *     Client client = Client.builder().endpoints(quorate.endpoints()).build();
 * }
 * }</pre>
 *
 * <p>Members write without fsync unless {@code quorate.unsafe-no-fsync} says {@code false}, and have the REST API and the console only if
 * {@code quorate.rest.enabled} says {@code true}. Any thread.
 */
public final class EmbeddedQuorate implements AutoCloseable {

    private static final int PORT_ATTEMPTS = 5;
    private static final int FIRST_PORT = 12_000;
    private static final int END_OF_PORTS = 20_000;

    private final Path directory;
    private final List<EmbeddedMember> members;
    private final MovableClock clock;
    private final Consumer<Duration> advanced = this::advanced;

    private EmbeddedQuorate(Path directory, List<EmbeddedMember> members, MovableClock clock) {
        this.directory = directory;
        this.members = List.copyOf(members);
        this.clock = clock;
    }

    /**
     * Starts one member in this JVM, as {@code builder().start()} does.
     *
     * @throws IllegalStateException that says why it did not start
     */
    public static EmbeddedQuorate start() {
        return builder().start();
    }

    /** A cluster that is not started yet: one member in this JVM unless more is said. */
    public static Builder builder() {
        return new Builder();
    }

    /** Where clients reach the members, in their order; the same for as long as the cluster is open. */
    public List<URI> endpoints() {
        return members.stream().map(EmbeddedMember::endpoint).toList();
    }

    /** The members in their order. */
    public List<EmbeddedMember> members() {
        return members;
    }

    /**
     * A member.
     *
     * @param number from 1 on
     * @throws IndexOutOfBoundsException if there is none of that number
     */
    public EmbeddedMember member(int number) {
        if (number < 1 || number > members.size()) {
            throw new IndexOutOfBoundsException("there is no member " + number + " of " + members.size());
        }
        return members.get(number - 1);
    }

    /** The clock by which leases run out. */
    public MovableClock clock() {
        return clock;
    }

    /** Ends all members and removes what they wrote. The second time it does nothing. */
    @Override
    public void close() {
        clock.leave(advanced);
        boolean interrupted = Thread.interrupted(); // a test that ran out of time leaves nothing behind either
        try {
            Starts.close(members);
        } finally {
            remove(directory);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void advanced(Duration by) {
        members.forEach(member -> member.advanced(by));
    }

    private static void remove(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the directory " + directory + " cannot be removed", e);
        }
    }

    /** What a cluster is to be. Used by one thread. */
    public static final class Builder {

        /** Settings that the place of a member decides. */
        private static final Set<String> OWN = Set.of(
                "quorate.name",
                "quorate.data-dir",
                "quorate.wal-dir",
                "quorate.listen-client-urls",
                "quorate.advertise-client-urls",
                "quorate.listen-peer-urls",
                "quorate.initial-advertise-peer-urls",
                "quorate.initial-cluster",
                "quorate.initial-cluster-state");

        private final Map<String, String> settings = new TreeMap<>();
        private int members = 1;
        private boolean processes;
        private MovableClock clock = new MovableClock();

        private Builder() {}

        /**
         * How many members there are.
         *
         * @param count 1 or 3
         * @throws IllegalArgumentException if it is another number
         */
        public Builder members(int count) {
            if (count != 1 && count != 3) {
                throw new IllegalArgumentException("a cluster for tests has 1 or 3 members, not " + count);
            }
            members = count;
            return this;
        }

        /**
         * Each member runs as a process, with the Java and the class path of this one. It takes seconds to start, and can be killed
         * for good.
         */
        public Builder processes() {
            processes = true;
            return this;
        }

        /**
         * A setting of each member.
         *
         * @param name in full, as in {@code quorate.max-txn-ops}
         * @param value as in a file of settings
         * @throws IllegalArgumentException if there is no such setting, or the cluster decides about it
         */
        public Builder setting(String name, String value) {
            if (!SettingNames.all().contains(name)) {
                throw new IllegalArgumentException("there is no setting " + name);
            }
            if (OWN.contains(name)) {
                throw new IllegalArgumentException(name + " is chosen for each member and cannot be set");
            }
            settings.put(name, value);
            return this;
        }

        /** The clock of the leases, for a test that shares one among clusters; without it the cluster has its own. */
        public Builder clock(MovableClock shared) {
            clock = shared;
            return this;
        }

        /**
         * Starts the members and returns when all serve clients.
         *
         * @throws IllegalStateException that says why one did not start; nothing is left of them then
         */
        public EmbeddedQuorate start() {
            for (int attempt = 1; ; attempt++) {
                EmbeddedQuorate cluster = planned();
                try {
                    Starts.run(cluster.members);
                    cluster.clock.follow(cluster.advanced);
                    return cluster;
                } catch (RuntimeException failure) {
                    cluster.close();
                    if (attempt == PORT_ATTEMPTS || !portWasTaken(failure)) {
                        throw failure;
                    }
                }
            }
        }

        /** Another process can be quicker to take a port that was free. */
        private static boolean portWasTaken(Throwable failure) {
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                if (String.valueOf(cause.getMessage()).contains("in use")) {
                    return true;
                }
            }
            return false;
        }

        private EmbeddedQuorate planned() {
            Path directory;
            try {
                directory = Files.createTempDirectory(
                        "quorate-embedded-pid" + ProcessHandle.current().pid() + "-"); // tells what a kill left behind
            } catch (IOException e) {
                throw new UncheckedIOException("a temporary directory cannot be made", e);
            }
            Set<Integer> ports = new HashSet<>();
            List<MemberPlan> plans = new ArrayList<>();
            for (int number = 1; number <= members; number++) {
                String name = "m" + number;
                plans.add(new MemberPlan(name, port(ports), port(ports), directory.resolve(name)));
            }
            String peers = plans.stream().map(MemberPlan::peer).collect(Collectors.joining(","));
            return new EmbeddedQuorate(
                    directory, plans.stream().map(plan -> member(plan, peers)).toList(), clock);
        }

        private static int port(Set<Integer> planned) {
            return LoopbackPorts.free(FIRST_PORT, END_OF_PORTS, planned::add);
        }

        private EmbeddedMember member(MemberPlan plan, String peers) {
            Map<String, String> all = plan.settings(peers, settings);
            Path log = plan.directory().resolveSibling(plan.name() + ".log");
            MovableClock measuring = clock;
            return processes
                    ? new EmbeddedMember(plan, () -> MemberProcess.start(all, log))
                    : new EmbeddedMember(plan, () -> MemberHere.start(all, measuring));
        }
    }
}
