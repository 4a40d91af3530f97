package io.quorate.apply;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.base.Fault;
import io.quorate.base.Meters;
import io.quorate.base.MonotonicClock;
import io.quorate.base.RequestError;
import io.quorate.base.RequestException;
import io.quorate.base.Throttle;
import io.quorate.base.UnusableException;
import io.quorate.mvcc.WriteBatch;
import io.quorate.proto.InternalRaftRequest;
import io.quorate.raft.Entry;
import io.quorate.storage.WriteSet;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import lombok.extern.slf4j.Slf4j;
import org.jspecify.annotations.Nullable;

/**
 * Applies one entry that holds a request, and decides what it means when that fails. Used by the {@code apply} thread.
 *
 * <p>All members must come to the same decision, from the entry and the state alone:
 *
 * <ul>
 *   <li>An entry that this version cannot read is a {@link Fault}: another version may know it, so passing over it would let
 *       the members differ in silence.
 *   <li>An unexpected exception, before the entry changed anything, refuses the request. It is a defect, and the same
 *       one on every member; ending all of them at every start would not mend it.
 *   <li>An exception after a part of the entry was applied is a {@link Fault}, and so is trouble of this member alone, as with
 *       its disk.
 * </ul>
 */
@Slf4j
public final class EntryApplier {

    private static final Duration REPORT_INTERVAL = Duration.ofSeconds(1);

    private final Applier applier;
    private final SkippedEntries skipped;
    private final LongAdder unexpected = new LongAdder();
    private final Throttle reports = new Throttle(REPORT_INTERVAL, MonotonicClock.SYSTEM);

    /** @param skipped entries to pass over if they cannot be read */
    public EntryApplier(Applier applier, SkippedEntries skipped) {
        this.applier = applier;
        this.skipped = skipped;
    }

    /** Requests that were refused because applying them failed unexpectedly. */
    public long unexpectedRefusals() {
        return unexpected.sum();
    }

    /**
     * Reads the request of an entry.
     *
     * @return null if the entry cannot be read and is to be skipped
     * @throws Fault if it cannot be read, or is of a kind that this version does not know
     */
    @Nullable
    InternalRaftRequest decode(Entry entry) {
        String problem;
        try {
            InternalRaftRequest request = RequestCodec.decode(entry.data());
            if (RequestKind.of(request) != RequestKind.UNKNOWN) {
                return request;
            }
            problem = "holds a request of an unknown kind (field "
                    + request.getUnknownFields().asMap().keySet() + ")";
        } catch (InvalidProtocolBufferException e) {
            problem = "is no request: " + e.getMessage();
        }
        if (skipped.contains(entry)) {
            log.warn("skipping entry {} of term {}, as told: it {}", entry.index(), entry.term(), problem);
            return null;
        }
        throw unreadable(entry, problem);
    }

    private static Fault unreadable(Entry entry, String problem) {
        String id = new SkippedEntries.Id(entry.term(), entry.index()).toString();
        return Fault.curable(
                "entry " + entry.index() + " of term " + entry.term() + " " + problem,
                "Keep the data directory: it holds everything before that entry. If other members run a later version of"
                        + " Quorate, start that version here. If no version can read the entry, start every member of the"
                        + " cluster with quorate.skip-entries=" + id
                        + ": that loses this entry and nothing else. 'bin/quorate"
                        + " check --data-dir=DIR' lists such entries; see docs/runbooks.md, 'An entry cannot be applied'.");
    }

    /**
     * Applies the request of an entry.
     *
     * @param set the write that the entry's changes go into
     */
    Outcome apply(Entry entry, InternalRaftRequest request, WriteBatch batch, WriteSet set) {
        int changes = set.count();
        long revision = batch.revision();
        try {
            return applier.apply(request, batch, entry);
        } catch (Fault | UnusableException e) {
            throw e;
        } catch (RuntimeException e) { // a defect; what it means depends on what was changed before
            if (set.count() != changes || batch.revision() != revision) {
                throw new Fault("entry " + entry.index() + " of term " + entry.term() + " was applied in part", e);
            }
            return refused(entry, request, e);
        }
    }

    private Outcome refused(Entry entry, InternalRaftRequest request, RuntimeException defect) {
        unexpected.increment();
        long more = reports.admit();
        if (more != Throttle.HELD_BACK) {
            log.error(
                    "entry {} of term {}, a {}, was refused on every member: applying it failed unexpectedly{}",
                    entry.index(),
                    entry.term(),
                    RequestKind.of(request).wireName(),
                    Throttle.more(more),
                    defect);
        }
        return new Outcome.Refused(new RequestException(RequestError.NOT_APPLICABLE));
    }

    /** Registers what is counted here. */
    public void register(Meters meters) {
        meters.counter(
                "quorate_unexpected_refusals_total",
                "Requests refused on every member because applying them failed unexpectedly.",
                unexpected::sum);
    }
}
