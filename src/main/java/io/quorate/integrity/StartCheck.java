package io.quorate.integrity;

import io.quorate.membership.Membership;
import io.quorate.mvcc.HashKv;
import io.quorate.mvcc.MvccStore;
import io.quorate.proposal.PeerCalls;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;

/**
 * Compares the history that a member has at its start with that of the others, before it takes part (docs/etcd-v3.md, section
 * 2.10). Members that do not answer are skipped, so a cluster whose members all start together starts.
 */
@Slf4j
@RequiredArgsConstructor
public final class StartCheck {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final MvccStore store;
    private final Membership membership;
    private final PeerCalls peers;

    /** A member with another history up to the same revision; empty if none is known. Blocks. */
    public Optional<Long> differingMember() throws InterruptedException {
        if (store.isLoading()) {
            return Optional.empty();
        }
        HashKv.Result result = store.hashKv(0);
        HistoryHash own = HistoryHash.of(result);
        byte[] request = ByteBuffer.allocate(Long.BYTES).putLong(own.revision()).array();
        List<CompletableFuture<Optional<Long>>> asked = new ArrayList<>();
        membership.members().stream()
                .map(member -> member.id())
                .filter(id -> id != membership.localId())
                .forEach(id -> asked.add(peers.call(id, IntegrityCall.HASH.number(), request, PATIENCE)
                        .thenApply(answer -> differs(own, HistoryHash.decode(answer), id))
                        .exceptionally(failure -> unknown(id, failure))));
        for (CompletableFuture<Optional<Long>> answer : asked) {
            try {
                Optional<Long> differing = answer.get(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                if (differing.isPresent()) {
                    return differing;
                }
            } catch (ExecutionException | TimeoutException e) {
                log.warn("a member could not be compared with: {}", e.toString());
            }
        }
        return Optional.empty();
    }

    private static Optional<Long> differs(HistoryHash own, HistoryHash other, long id) {
        return own.isAboutThatOf(other) && own.hash() != other.hash() ? Optional.of(id) : Optional.empty();
    }

    private static Optional<Long> unknown(long id, Throwable failure) {
        log.info("member {} cannot be compared with at this start: {}", Long.toHexString(id), failure.toString());
        return Optional.empty();
    }
}
