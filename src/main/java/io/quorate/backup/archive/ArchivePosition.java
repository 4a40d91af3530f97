package io.quorate.backup.archive;

import io.quorate.backup.archive.ArchiveName.Full;
import io.quorate.backup.archive.ArchiveName.Segment;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How far the objects of a store have come: where the next leader goes on.
 *
 * @param end the newest point that can be restored
 * @param state what the newest object refers to
 * @param time of the newest object
 * @param full the newest full backup
 * @param behindFull bytes of the segments since that
 */
public record ArchivePosition(Point end, long state, Instant time, Full full, long behindFull) {

    /** Empty if nothing can be restored. */
    public static Optional<ArchivePosition> of(ArchiveListing listing) throws IOException {
        List<Full> fulls = listing.fulls();
        Optional<Full> newestFull = fulls.stream().max(Comparator.comparing(Full::time));
        if (newestFull.isEmpty()) {
            return Optional.empty();
        }
        Full full = newestFull.get();
        List<Segment> segments = new ArrayList<>();
        long[] bytes = {0};
        listing.segments(full.time().minus(HistoryGraph.SKEW), (each, size) -> {
            segments.add(each);
            bytes[0] += each.time().isAfter(full.time()) ? size : 0;
        });
        return new HistoryGraph(fulls, segments)
                .newest()
                .map(HistoryGraph.Way::last)
                .map(last -> new ArchivePosition(last.end(), last.state(), last.time(), full, bytes[0]));
    }
}
