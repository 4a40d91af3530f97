package io.quorate.bootstrap;

import io.quorate.base.Fault;
import io.quorate.base.LostLogException;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.base.Stages;
import io.quorate.base.Timed;
import io.quorate.proposal.PeerCalls;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * Enrols a member whose log is empty: asks the other members until a majority of them confirms that this member never had
 * another log, then lets its node take part in consensus. One refusal ends the member.
 *
 * <p>A cluster of three needs both other founders for its first start, one of five any three of the other four.
 *
 * <p>Run by one thread, at the start of a member.
 */
@Slf4j
public final class Enrolment implements Timed {

    /** The number of the call on the peer port. The request is the incarnation in eight bytes. */
    public static final int METHOD = 9;

    /** First byte of an answer; a refusal is followed by its reason in UTF-8. */
    static final byte ACCEPTED = 0;

    static final byte REFUSED = 1;

    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(1);
    private static final long REPORT_NANOS = Duration.ofSeconds(10).toNanos();

    private final Applicant applicant;
    private final Map<Long, String> others;
    private final PeerCalls peers;
    private final Runnable release;
    private final Fault.Sink refused;
    private final Set<Long> asked = ConcurrentHashMap.newKeySet();
    private final Set<Long> accepted = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean ended = new AtomicBoolean();
    private long reportNanos;
    private boolean reported;

    /**
     * The member that enrols.
     *
     * @param memberId of this member
     * @param incarnation of its empty log
     * @param logDirectory named in a refusal
     */
    public record Applicant(long memberId, long incarnation, String logDirectory) {}

    /**
     * @param others the other members by id, with what a log line shows of each; empty when there is nothing to ask, so that
     *     nothing is done
     * @param release lets the node take part; called once
     * @param refused ends the member; called once, instead of {@code release}
     */
    public Enrolment(
            Applicant applicant, Map<Long, String> others, PeerCalls peers, Runnable release, Fault.Sink refused) {
        this.applicant = applicant;
        this.others = new TreeMap<>(others);
        this.peers = peers;
        this.release = release;
        this.refused = refused;
        this.ended.set(others.isEmpty());
    }

    /** Asks those that have not answered yet; called ten times a second by the thread {@code timer}. */
    @Override
    public void poll(long nowNanos) {
        if (ended.get()) {
            return;
        }
        byte[] request =
                ByteBuffer.allocate(Long.BYTES).putLong(applicant.incarnation()).array();
        for (Long id : others.keySet()) {
            if (!accepted.contains(id) && asked.add(id)) {
                CompletionStage<?> unused = peers.call(id, METHOD, request, ANSWER_TIMEOUT)
                        .whenComplete((answer, failure) -> answered(id, answer, failure));
            }
        }
        report(nowNanos);
    }

    private void answered(long id, byte @Nullable [] answer, @Nullable Throwable failure) {
        if (answer == null && isOlder(failure)) {
            log.info("member {} keeps no record of incarnations; counted as consent", Long.toHexString(id));
            accept(id);
        } else if (answer == null || answer.length == 0) {
            log.debug("member {} does not answer to the enrolment: {}", Long.toHexString(id), String.valueOf(failure));
        } else if (answer[0] == ACCEPTED) {
            accept(id);
        } else if (ended.compareAndSet(false, true)) {
            String reason = new String(answer, 1, answer.length - 1, StandardCharsets.UTF_8);
            refused.fatal(refusal(id, reason));
        }
        asked.remove(id);
    }

    /** A member of an earlier version answers that it does not know the call. */
    private static boolean isOlder(@Nullable Throwable failure) {
        return failure != null
                && Stages.causeOf(failure) instanceof RequestException request
                && request.error() == RequestError.UNKNOWN_METHOD;
    }

    private void accept(long id) {
        accepted.add(id);
        if (accepted.size() >= needed() && ended.compareAndSet(false, true)) {
            log.info(
                    "enrolled: {} of {} other members confirm that this is the first log of member {}",
                    accepted.size(),
                    others.size(),
                    Long.toHexString(applicant.memberId()));
            release.run();
        }
    }

    private int needed() {
        return others.size() / 2 + 1;
    }

    private LostLogException refusal(long by, String reason) {
        String id = Long.toHexString(applicant.memberId());
        return new LostLogException(
                "member " + id + " has already been bootstrapped, says member " + Long.toHexString(by) + " (" + reason
                        + "), but the log in " + applicant.logDirectory()
                        + " is empty. A member that forgot its votes could break what was acknowledged",
                "If the directory is not the right one (a mount that is missing, another data-dir or wal-dir), start with the"
                        + " right one. If the data is lost, replace the member: 'etcdctl member remove " + id
                        + "' and 'etcdctl member add' on one of the others, then start it with"
                        + " initial-cluster-state=existing.");
    }

    private void report(long nowNanos) {
        if (reported && nowNanos - reportNanos < REPORT_NANOS) {
            return;
        }
        reportNanos = nowNanos;
        if (reported) {
            log.warn(
                    "not part of the cluster yet: the log is empty, and {} of the other {} members must confirm that this member"
                            + " never had another one; {} did, waiting for {}",
                    needed(),
                    others.size(),
                    accepted.size(),
                    others.entrySet().stream()
                            .filter(other -> !accepted.contains(other.getKey()))
                            .map(Map.Entry::getValue)
                            .collect(Collectors.joining(", ")));
        }
        reported = true;
    }
}
