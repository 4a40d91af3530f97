package io.quorate.bootstrap;

import io.quorate.base.DurableFile;
import io.quorate.base.Fault;
import io.quorate.base.LostLogException;
import io.quorate.membership.Member;
import io.quorate.membership.Membership;
import io.quorate.node.transport.Incarnations;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the first incarnation of each other member that this member heard of, and answers those that enrol. What was answered is
 * durable before the answer leaves. The file is written by the executor's threads, one at a time; what it says is also in memory,
 * for the greetings of the peer port.
 */
public final class EnrolmentRegister implements Incarnations {

    private static final String NAME = "incarnations.properties";
    private static final String CLUSTER = "cluster";
    private static final String SELF = "self";

    private final Path file;
    private final String clusterId;
    private final Membership membership;
    private final LongPredicate peers;
    private final Executor executor;
    private final Map<Long, Long> first = new ConcurrentHashMap<>();
    private volatile long own;

    /**
     * @param directory where the register is kept; made if missing
     * @param membership the members as applied here
     * @param peers whether this member is in touch with another, also before it has the list of members
     * @param executor may block
     */
    public EnrolmentRegister(Path directory, Membership membership, LongPredicate peers, Executor executor) {
        this.file = directory.resolve(NAME);
        this.clusterId = Long.toHexString(membership.clusterId());
        this.membership = membership;
        this.peers = peers;
        this.executor = executor;
        Properties known = read();
        known.stringPropertyNames().stream()
                .filter(name -> !name.equals(CLUSTER) && !name.equals(SELF))
                .forEach(id ->
                        first.put(Long.parseUnsignedLong(id, 16), Long.parseUnsignedLong(known.getProperty(id), 16)));
    }

    /**
     * Checks that a member with an empty log has never taken part in its cluster.
     *
     * @throws LostLogException if it has, so that its log was lost
     */
    public synchronized void checkFirstStart(Path walDirectory) {
        if (read().getProperty(SELF) != null) {
            throw new LostLogException(
                    "the log in " + walDirectory + " is empty, but this member has taken part in its cluster, says "
                            + file,
                    "If wal-dir is not the one of before, or its volume is not mounted, or the log is in a backup, correct that:"
                            + " nothing is lost. If the log is lost, so are this member's votes: remove it from its cluster"
                            + " (etcdctl member remove), empty its data directory and add it anew.");
        }
    }

    /** This member takes part from now on, with the log of that incarnation. */
    public void takesPart(long incarnation) {
        own = incarnation;
    }

    /** The cluster knows this member: its log holds entries that are committed, so it must never be empty again. */
    public synchronized void published() {
        Properties known = read();
        if (known.getProperty(SELF) == null) {
            known.setProperty(SELF, Long.toHexString(own));
            write(known);
        }
    }

    @Override
    public long own() {
        return own;
    }

    @Override
    public long of(long member) {
        return first.getOrDefault(member, 0L);
    }

    @Override
    public void met(long member, long incarnation) {
        if (incarnation != 0 && peers.test(member) && first.putIfAbsent(member, incarnation) == null) {
            executor.execute(() -> keep(member, incarnation));
        }
    }

    private synchronized void keep(long member, long incarnation) {
        Properties known = read();
        if (known.putIfAbsent(Long.toHexString(member), Long.toHexString(incarnation)) == null) {
            write(known);
        }
    }

    /**
     * Answers an {@link Enrolment}.
     *
     * @param from the member that enrols
     * @param request its incarnation in eight bytes
     */
    public CompletionStage<byte[]> answer(long from, byte[] request) {
        if (request.length < Long.BYTES) {
            return CompletableFuture.failedStage(new IllegalArgumentException("an enrolment without incarnation"));
        }
        long incarnation = ByteBuffer.wrap(request).getLong();
        return CompletableFuture.supplyAsync(() -> enrol(from, incarnation), executor);
    }

    private synchronized byte[] enrol(long from, long incarnation) {
        Properties known = read();
        String id = Long.toHexString(from);
        String before = known.getProperty(id);
        String applying = Long.toHexString(incarnation);
        if (applying.equals(before)) {
            return new byte[] {Enrolment.ACCEPTED};
        }
        if (before != null) {
            return refusal("its log was another one before");
        }
        if (hasStarted(from)) {
            return refusal("it is known to have run");
        }
        known.setProperty(id, applying);
        write(known);
        first.put(from, incarnation);
        return new byte[] {Enrolment.ACCEPTED};
    }

    /** A member is known with its client URLs once it has taken part, not before. */
    private boolean hasStarted(long id) {
        Member member = membership.member(id);
        return member != null && !member.clientUrls().isEmpty();
    }

    private static byte[] refusal(String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + text.length)
                .put(Enrolment.REFUSED)
                .put(text)
                .array();
    }

    /** The register of another cluster, from an earlier try with other settings, counts for nothing. */
    private Properties read() {
        Properties known = load();
        if (!clusterId.equals(known.getProperty(CLUSTER))) {
            known.clear();
            known.setProperty(CLUSTER, clusterId);
        }
        return known;
    }

    private Properties load() {
        Properties known = new Properties();
        try {
            String content = content();
            if (content != null) {
                known.load(new StringReader(content));
            }
            return known;
        } catch (IOException e) {
            throw new Fault("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private @Nullable String content() throws IOException {
        return Files.exists(file) ? Files.readString(file) : null;
    }

    private void write(Properties known) {
        try {
            StringWriter text = new StringWriter();
            known.store(text, "Which log of each other member was the first that enrolled here");
            DurableFile.replace(file, text.toString());
        } catch (IOException e) {
            throw new Fault("cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
