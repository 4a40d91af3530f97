package io.quorate.conformance;

import com.google.protobuf.ByteString;
import io.quorate.proto.DeleteRangeRequest;
import io.quorate.proto.PutRequest;
import io.quorate.proto.RequestOp;
import io.quorate.proto.TxnRequest;
import io.quorate.proto.WatchCreateRequest;
import io.quorate.proto.WatchCreateRequest.FilterType;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Makes sure that watchers have seen all there is: every one of them gets a put and a delete of a key in its range, and
 * since a watcher's events come in order, nothing is missing when these have come.
 */
final class Sentinels {

    private static final ByteString ZERO = ByteString.copyFrom(new byte[1]);
    private static final ByteString SUFFIX = ByteString.copyFrom(new byte[] {0, '~'});

    private final Keeper keeper;

    Sentinels(Keeper keeper) {
        this.keeper = keeper;
    }

    /** Waits for all watchers that still live; returns the revision then, 0 if there are none. */
    long settle(List<WatchLog> logs) {
        List<WatchLog.Watched> live =
                logs.stream().flatMap(log -> log.live().stream()).toList();
        if (live.isEmpty()) {
            return 0;
        }
        long deleted = write(live.stream().map(WatchLog.Watched::request).toList());
        live.forEach(watched -> watched.await(awaited(watched.request(), deleted)));
        return deleted;
    }

    /** Puts and deletes a key for each watcher; returns the revision of the delete, the one after that of the put. */
    long write(List<WatchCreateRequest> watchers) {
        Set<ByteString> keys = new TreeSet<>(ByteString.unsignedLexicographicalComparator());
        watchers.forEach(watcher -> keys.add(key(watcher)));
        TxnRequest.Builder puts = TxnRequest.newBuilder();
        TxnRequest.Builder deletes = TxnRequest.newBuilder();
        for (ByteString key : keys) {
            puts.addSuccess(RequestOp.newBuilder()
                    .setRequestPut(PutRequest.newBuilder().setKey(key).setValue(SUFFIX)));
            deletes.addSuccess(RequestOp.newBuilder()
                    .setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(key)));
        }
        var unused = keeper.call(kv -> kv.txn(puts.build()));
        return keeper.call(kv -> kv.txn(deletes.build())).getHeader().getRevision();
    }

    /** The last revision that a watcher sees of a sentinel, 0 if it sees nothing. */
    static long awaited(WatchCreateRequest watcher, long deleted) {
        long start = watcher.getStartRevision();
        if (!watcher.getFiltersList().contains(FilterType.NODELETE)) {
            return start <= deleted ? deleted : 0;
        }
        return !watcher.getFiltersList().contains(FilterType.NOPUT) && start < deleted ? deleted - 1 : 0;
    }

    /** A key in the range, where possible one that no program uses. */
    private static ByteString key(WatchCreateRequest watcher) {
        ByteString first = watcher.getKey().isEmpty() ? ZERO : watcher.getKey();
        ByteString end = watcher.getRangeEnd();
        ByteString own = first.concat(SUFFIX);
        boolean isInRange = end.equals(ZERO)
                || (!end.isEmpty()
                        && ByteString.unsignedLexicographicalComparator().compare(own, end) < 0);
        return isInRange ? own : first;
    }
}
