package io.quorate.integrity;

import io.quorate.base.MonotonicClock;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.base.Throttle;
import io.quorate.integrity.IntegrityMonitor.LocalHistory;
import io.quorate.mvcc.MvccException.CompactedException;
import io.quorate.mvcc.MvccException.FutureRevisionException;
import io.quorate.mvcc.MvccException.LoadingException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import lombok.RequiredArgsConstructor;
import lombok.extern.slf4j.Slf4j;

/** Answers what other members ask about this one's history. */
@Slf4j
@RequiredArgsConstructor
public final class IntegrityAnswers {

    private static final Duration WARN_EVERY = Duration.ofMinutes(1);

    private final LocalHistory local;
    private final Throttle warnings = new Throttle(WARN_EVERY, MonotonicClock.SYSTEM);

    /** The numbers of the calls that are answered here. */
    public static IntStream methods() {
        return Arrays.stream(IntegrityCall.values()).mapToInt(IntegrityCall::number);
    }

    /** Answers one call; never blocks. */
    public CompletionStage<byte[]> answer(long from, int method, byte[] request) {
        IntegrityCall call = IntegrityCall.numbered(method).orElse(null);
        if (call == null || request.length != Long.BYTES) {
            return refused(RequestError.UNKNOWN_METHOD);
        }
        long revision = ByteBuffer.wrap(request).getLong();
        return switch (call) {
            case HASH -> hash(revision);
            case COMPACTION_HASH ->
                local.compactions()
                        .of(revision)
                        .<CompletionStage<byte[]>>map(hash -> CompletableFuture.completedStage(hash.encode()))
                        .orElseGet(() -> refused(RequestError.COMPACTED));
            case DIFFERS -> CompletableFuture.completedStage(differs(from, revision));
        };
    }

    private CompletionStage<byte[]> hash(long revision) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        try {
            local.worker().admit(() -> answer.completeAsync(() -> computed(revision), Runnable::run));
        } catch (RequestException busy) {
            return refused(busy.error());
        }
        return answer;
    }

    private byte[] computed(long revision) {
        try {
            return HistoryHash.of(local.store().hashKv(revision)).encode();
        } catch (FutureRevisionException behind) {
            throw new RequestException(RequestError.FUTURE_REVISION);
        } catch (CompactedException gone) {
            throw new RequestException(RequestError.COMPACTED);
        } catch (LoadingException incomplete) {
            throw new RequestException(RequestError.LOADING);
        }
    }

    private byte[] differs(long from, long revision) {
        String reason = "member " + Long.toHexString(from) + " and the majority have another history up to revision "
                + revision;
        if (warnings.admit() != Throttle.HELD_BACK) {
            log.error("this member's data is wrong: {}", reason);
        }
        return new byte[] {(byte) (local.repair().begin(reason) ? 1 : 0)};
    }

    private static CompletionStage<byte[]> refused(RequestError error) {
        return CompletableFuture.failedStage(new RequestException(error));
    }
}
