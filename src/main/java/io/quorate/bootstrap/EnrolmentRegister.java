package io.quorate.bootstrap;

import io.quorate.base.DurableFile;
import io.quorate.base.Fault;
import io.quorate.membership.Member;
import io.quorate.membership.Membership;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the first incarnation of each other member that this member heard of, and answers those that enrol. What was answered is
 * durable before the answer leaves. All access to the file is on the executor's one thread.
 */
public final class EnrolmentRegister {

    private static final String NAME = "incarnations.properties";
    private static final String CLUSTER = "cluster";

    private final Path file;
    private final String clusterId;
    private final Membership membership;
    private final Executor executor;

    /**
     * @param directory where the register is kept; made if missing
     * @param membership the members as applied here
     * @param executor one thread that may block
     */
    public EnrolmentRegister(Path directory, Membership membership, Executor executor) {
        this.file = directory.resolve(NAME);
        this.clusterId = Long.toHexString(membership.clusterId());
        this.membership = membership;
        this.executor = executor;
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

    private byte[] enrol(long from, long incarnation) {
        Properties known = read();
        String id = Long.toHexString(from);
        String first = known.getProperty(id);
        String own = Long.toHexString(incarnation);
        if (own.equals(first)) {
            return new byte[] {Enrolment.ACCEPTED};
        }
        if (first != null) {
            return refusal("its log was another one before");
        }
        if (hasStarted(from)) {
            return refusal("it is known to have run");
        }
        known.setProperty(id, own);
        write(known);
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
