package io.quorate.backup.archive;

import io.quorate.backup.SnapshotException;
import io.quorate.backup.archive.ArchiveName.Full;
import io.quorate.backup.archive.ArchiveName.Historic;
import io.quorate.backup.archive.ArchiveName.Segment;
import io.quorate.backup.archive.ArchiveName.State;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What has to be read to restore a moment.
 *
 * @param full where it begins
 * @param segments one behind the other
 * @param revision the last one to take over; what the objects have behind it is left out
 * @param state of that moment or the last one known before it; null if the store has none
 * @param nextState the first one known behind the moment, for its leases; null if the moment is that of the state
 * @param gap says what there is that does not follow on what is restored: revisions of the time asked for behind an object that is missing,
 *     or the newest ones, if the revision asked for is of another branch of the history
 */
public record RestorePlan(
        Full full,
        List<Segment> segments,
        long revision,
        @Nullable State state,
        @Nullable State nextState,
        Optional<String> gap) {

    public RestorePlan {
        segments = List.copyOf(segments);
    }

    /**
     * Finds out what to read, by names alone.
     *
     * @throws SnapshotException saying what can be restored if that cannot
     */
    public static RestorePlan of(ArchiveListing listing, RestoreTarget target) throws IOException {
        HistoryGraph graph = target instanceof RestoreTarget.Newest
                ? HistoryGraph.ofNewest(listing)
                : HistoryGraph.of(listing, Instant.MIN, timeOf(target));
        Optional<HistoryGraph.Way> way = switch (target) {
            case RestoreTarget.Newest() -> graph.newest();
            case RestoreTarget.Time unused -> graph.newest();
            case RestoreTarget.Revision(var revision) -> graph.to(revision);
        };
        if (way.isEmpty()) {
            throw nothing(HistoryGraph.of(listing, Instant.MIN, Instant.MAX), target, listing.hasOtherSeals());
        }
        HistoryGraph.Way found = way.get();
        long revision = target instanceof RestoreTarget.Revision(var wanted)
                ? wanted
                : found.last().end().revision();
        Optional<String> gap = target instanceof RestoreTarget.Revision
                ? otherBranch(graph, found.last(), revision)
                : missing(graph, found.last());
        return withStates(listing, graph, found, revision, gap);
    }

    private static Optional<String> missing(HistoryGraph graph, Historic last) {
        return graph.cutOffBehind(last)
                .map(each -> "the backup has revisions from "
                        + (each.begin().revision() + 1) + " on that do not follow on "
                        + last.end().revision()
                        + ", the last one that can be restored: an object between them is missing");
    }

    private static Optional<String> otherBranch(HistoryGraph graph, Historic last, long revision) {
        return graph.otherBranch(last)
                .map(
                        newest -> "revision " + revision + " is of a history that ends with revision "
                                + last.end().revision() + " of " + last.time() + "; the newest in the backup, revision "
                                + newest.end().revision() + " of " + newest.time()
                                + ", does not follow on it: an earlier moment was restored in between, or an object is missing");
    }

    private static Instant timeOf(RestoreTarget target) {
        return target instanceof RestoreTarget.Time(var time) ? time : Instant.MAX;
    }

    private static RestorePlan withStates(
            ArchiveListing listing, HistoryGraph graph, HistoryGraph.Way way, long revision, Optional<String> gap)
            throws IOException {
        OptionalLong before = way.stateAt(revision);
        OptionalLong behind =
                way.last().end().revision() == revision && way.last().state() != ArchiveName.NO_STATE
                        ? OptionalLong.empty()
                        : graph.stateBehind(way, revision);
        long chosen = before.orElse(behind.orElse(ArchiveName.NO_STATE));
        State[] found = new State[2];
        listing.states(each -> {
            if (each.digest() == chosen) {
                found[0] = each;
            }
            if (behind.isPresent() && each.digest() == behind.getAsLong()) {
                found[1] = each;
            }
        });
        if (found[0] == null) {
            throw new SnapshotException("the leases and users of revision " + revision
                    + " are missing: there is no object " + ArchiveName.STATE + "/*-" + Long.toHexString(chosen));
        }
        return new RestorePlan(way.full(), way.segments(), revision, found[0], found[1], gap);
    }

    private static SnapshotException nothing(HistoryGraph graph, RestoreTarget target, boolean otherSeals) {
        String wanted = switch (target) {
            case RestoreTarget.Newest() -> "nothing can be restored";
            case RestoreTarget.Time(var time) -> "nothing of " + time + " or before can be restored";
            case RestoreTarget.Revision(var revision) -> "revision " + revision + " cannot be restored";
        };
        return new SnapshotException(wanted + ": " + graph.describe()
                + (otherSeals ? "; other objects are sealed with another key, or only these are" : ""));
    }

    /** The object that is read last. */
    public Historic last() {
        return segments.isEmpty() ? full : segments.getLast();
    }
}
