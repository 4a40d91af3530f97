package io.quorate.backup.archive;

import io.quorate.backup.archive.ArchiveName.Full;
import io.quorate.backup.archive.ArchiveName.Historic;
import io.quorate.backup.archive.ArchiveName.Segment;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The points that objects join: full backups are where ways begin, segments lead from one point to the next. From each point that can be
 * reached the shortest way back to a full backup is known.
 *
 * <p>If a cluster lost revisions that are in the store, as after {@code --force-new-cluster} or when an earlier moment was restored, its
 * history has two branches. The later branch is the one that went on: a leader names its objects with later times than all that
 * it found.
 */
final class HistoryGraph {

    private static final Comparator<Historic> NEWEST_LAST = Comparator.comparing(Historic::time)
            .thenComparingLong(each -> each.end().revision());

    /** Segments behind a full backup may seem to be that much older, when the clocks of members differ. */
    static final Duration SKEW = Duration.ofHours(1);

    private final List<Full> fulls;
    private final Map<Point, List<Segment>> leaving = new HashMap<>();
    /** The object that leads to a point on the shortest way. */
    private final Map<Point, Historic> arriving = new HashMap<>();
    /** The points whose history the newest one goes on with. */
    private final Set<Point> leading;

    HistoryGraph(List<Full> fulls, List<Segment> segments) {
        this.fulls = fulls;
        segments.forEach(each -> leaving.computeIfAbsent(each.begin(), absent -> new ArrayList<>())
                .add(each));
        explore();
        leading = leading();
    }

    /**
     * Lists what there is.
     *
     * @param since segments of earlier times are left out
     * @param until objects of later times are left out
     */
    static HistoryGraph of(ArchiveListing listing, Instant since, Instant until) throws IOException {
        List<Full> fulls = listing.fulls().stream()
                .filter(each -> !each.time().isAfter(until))
                .toList();
        List<Segment> segments = new ArrayList<>();
        listing.segments(since, (each, bytes) -> {
            if (!each.time().isAfter(until)) {
                segments.add(each);
            }
        });
        return new HistoryGraph(fulls, segments);
    }

    /** Lists what may belong to the newest point: no segment that is much older than the newest full backup. */
    static HistoryGraph ofNewest(ArchiveListing listing) throws IOException {
        Instant since = listing.fulls().stream()
                .max(NEWEST_LAST)
                .map(newest -> newest.time().minus(SKEW))
                .orElse(Instant.MIN);
        return of(listing, since, Instant.MAX);
    }

    private void explore() {
        Deque<Point> open = new ArrayDeque<>();
        for (Full full : fulls) {
            arriving.merge(full.end(), full, (known, other) -> NEWEST_LAST.compare(known, other) < 0 ? other : known);
            open.add(full.end());
        }
        while (!open.isEmpty()) {
            for (Segment segment : leaving.getOrDefault(open.poll(), List.of())) {
                if (arriving.putIfAbsent(segment.end(), segment) == null) {
                    open.add(segment.end());
                }
            }
        }
    }

    /**
     * A way.
     *
     * @param segments in their order
     */
    record Way(Full full, List<Segment> segments) {

        Historic last() {
            return segments.isEmpty() ? full : segments.getLast();
        }

        /** The state that the last object up to a revision refers to. */
        OptionalLong stateAt(long revision) {
            OptionalLong found = OptionalLong.empty();
            for (Historic each :
                    Stream.concat(Stream.of(full), segments.stream()).toList()) {
                if (each.end().revision() <= revision && each.state() != ArchiveName.NO_STATE) {
                    found = OptionalLong.of(each.state());
                }
            }
            return found;
        }
    }

    /** The way to the newest point. */
    Optional<Way> newest() {
        return reachable().max(NEWEST_LAST).map(this::wayTo);
    }

    /**
     * The shortest way to an object that has a revision, of the branch that went on if that has it. It stays the same whatever is written
     * behind the revision, so that all members of a new cluster can be made of it one after the other. A full backup of a later moment has
     * the revision too, unless it was compacted.
     */
    Optional<Way> to(long revision) {
        return at(revision, each -> leading.contains(each.end()))
                .or(() -> at(revision, any -> true))
                .map(this::wayTo);
    }

    private Optional<Historic> at(long revision, Predicate<Historic> wanted) {
        Optional<Historic> segment = reachable()
                .filter(each -> each instanceof Segment log
                        && log.begin().revision() < revision
                        && revision <= log.end().revision())
                .filter(wanted)
                .max(NEWEST_LAST);
        return segment.or(() -> fulls.stream()
                        .filter(each -> each.end().revision() == revision)
                        .filter(wanted)
                        .min(NEWEST_LAST))
                .or(() -> fulls.stream()
                        .filter(each -> each.compacted() <= revision
                                && revision <= each.end().revision())
                        .filter(wanted)
                        .min(NEWEST_LAST));
    }

    /**
     * The first segment that is later than an object and cannot be reached: what should join them is missing.
     *
     * @param last the newest object that can be reached
     */
    Optional<Segment> cutOffBehind(Historic last) {
        return leaving.values().stream()
                .flatMap(List::stream)
                .filter(each -> !arriving.containsKey(each.begin()) && NEWEST_LAST.compare(last, each) < 0)
                .min(NEWEST_LAST);
    }

    private Set<Point> leading() {
        Map<Point, List<Point>> before = new HashMap<>();
        leaving.values().stream()
                .flatMap(List::stream)
                .forEach(each -> before.computeIfAbsent(each.end(), absent -> new ArrayList<>())
                        .add(each.begin()));
        Set<Point> found = new HashSet<>();
        Deque<Point> open = new ArrayDeque<>();
        reachable().max(NEWEST_LAST).map(Historic::end).ifPresent(open::add);
        while (!open.isEmpty()) {
            Point at = open.poll();
            if (found.add(at)) {
                open.addAll(before.getOrDefault(at, List.of()));
            }
        }
        return found;
    }

    /** The newest object, if what an object ends with is not what that goes on with. */
    Optional<Historic> otherBranch(Historic last) {
        return leading.contains(last.end()) ? Optional.empty() : reachable().max(NEWEST_LAST);
    }

    private Stream<Historic> reachable() {
        return Stream.concat(
                fulls.stream(),
                leaving.values().stream().flatMap(List::stream).filter(each -> arriving.containsKey(each.begin())));
    }

    private Way wayTo(Historic last) {
        Deque<Segment> segments = new ArrayDeque<>();
        Historic at = last;
        while (at instanceof Segment segment) {
            segments.addFirst(segment);
            at = arriving.get(segment.begin());
        }
        if (at instanceof Full full) {
            return new Way(segments.isEmpty() ? full : fullBefore(segments.getFirst(), full), List.copyOf(segments));
        }
        throw new IllegalStateException("no way to " + last.text());
    }

    /** Of the full backups of one point, those behind a segment in time may have the leases and users of another branch. */
    private Full fullBefore(Segment first, Full newest) {
        return fulls.stream()
                .filter(each -> each.end().equals(first.begin()) && !each.time().isAfter(first.time()))
                .max(NEWEST_LAST)
                .orElse(newest);
    }

    /** The first state at a revision or behind it, as far as objects follow one another. */
    OptionalLong stateBehind(Way way, long revision) {
        for (Historic each :
                Stream.concat(Stream.of(way.full()), way.segments().stream()).toList()) {
            if (each.end().revision() >= revision && each.state() != ArchiveName.NO_STATE) {
                return OptionalLong.of(each.state());
            }
        }
        Point at = way.last().end();
        for (int steps = 0; steps < leaving.size(); steps++) {
            List<Segment> next = leaving.getOrDefault(at, List.of());
            if (next.isEmpty()) {
                break;
            }
            Segment first = next.stream()
                    .filter(each -> leading.contains(each.end()))
                    .findFirst()
                    .orElse(next.getFirst());
            if (first.state() != ArchiveName.NO_STATE) {
                return OptionalLong.of(first.state());
            }
            at = first.end();
        }
        return OptionalLong.empty();
    }

    /** What there is, for a message. */
    String describe() {
        if (fulls.isEmpty()) {
            return "there is no full backup";
        }
        long first = fulls.stream()
                .mapToLong(each -> Math.max(1, each.compacted()))
                .min()
                .orElseThrow();
        Historic last = reachable().max(NEWEST_LAST).orElseThrow();
        return "there are revisions " + first + " to " + last.end().revision() + ", of "
                + fulls.stream().map(Full::time).min(Comparator.naturalOrder()).orElseThrow() + " to " + last.time();
    }
}
