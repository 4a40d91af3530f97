package io.quorate.integrity;

import io.quorate.membership.Member;
import io.quorate.membership.Membership;
import io.quorate.proposal.PeerCalls;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;

/** Asks all other members for the hash of a history that this one has hashed. */
@Slf4j
@RequiredArgsConstructor
final class Comparison {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Membership membership;
    private final PeerCalls peers;

    /** Completes with the answers, this member's own among them; members that do not answer are missing. */
    CompletableFuture<Map<Long, HistoryHash>> collect(IntegrityCall call, HistoryHash own) {
        Map<Long, HistoryHash> hashes = new ConcurrentHashMap<>();
        hashes.put(membership.localId(), own);
        byte[] request = ByteBuffer.allocate(Long.BYTES).putLong(own.revision()).array();
        List<CompletableFuture<Void>> asked = new ArrayList<>();
        for (Member member : membership.members()) {
            if (member.id() != membership.localId()) {
                asked.add(peers.call(member.id(), call.number(), request, TIMEOUT)
                        .thenAccept(answer -> hashes.put(member.id(), HistoryHash.decode(answer)))
                        .exceptionally(failure -> missing(member.id(), failure)));
            }
        }
        return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> hashes);
    }

    /** It may be away, behind, or past the revision; the next comparison includes it again. */
    private static Void missing(long member, Throwable failure) {
        log.debug("member {} is left out of the comparison: {}", Long.toHexString(member), failure.toString());
        return null;
    }
}
