package io.quorate.backup.schedule;

import io.quorate.backup.archive.ArchiveListing;
import io.quorate.backup.archive.ArchiveName;
import io.quorate.backup.archive.ArchiveName.Full;
import io.quorate.backup.archive.ArchiveName.Segment;
import io.quorate.backup.store.BackupStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Removes what is too old: full backups that are beyond the count and the age, segments that lie before the oldest one that stays, and states
 * that nothing refers to. The newest full backup always stays. Full backups go first, so a crash leaves segments without a beginning,
 * which the next round removes, and never a gap.
 *
 * @param keepCount so many full backups stay
 * @param keepAge what is younger stays too
 */
record Retention(int keepCount, Duration keepAge) {

    /** What another leader may be writing right now, and uploads that may still go on, are left alone. */
    private static final Duration GRACE = Duration.ofDays(1);

    /** @return how many objects were removed */
    int run(BackupStore store, ArchiveListing listing, Instant now) throws IOException {
        List<Full> fulls = listing.fulls().stream()
                .sorted(Comparator.comparing(Full::time).reversed())
                .toList();
        if (fulls.isEmpty()) {
            return 0;
        }
        List<String> doomed = new ArrayList<>();
        Full oldest = fulls.getFirst();
        for (int i = 0; i < fulls.size(); i++) {
            Full full = fulls.get(i);
            if (i < Math.max(1, keepCount) || isYoung(full.time(), now)) {
                oldest = full;
            } else {
                doomed.add(full.text());
            }
        }
        Set<Long> referred = new HashSet<>();
        fulls.stream().filter(full -> !doomed.contains(full.text())).forEach(full -> referred.add(full.state()));
        addSegments(listing, oldest, now, doomed, referred);
        listing.states(state -> {
            if (!referred.contains(state.digest()) && isPast(state, now)) {
                doomed.add(state.text());
            }
        });
        for (String name : doomed) {
            store.delete(name);
        }
        return doomed.size();
    }

    /** Removes what uploads left behind that never ended, as those of members that were killed. */
    static void removeUnfinished(BackupStore store, Instant now) throws IOException {
        store.removeUnfinished(now.minus(GRACE));
    }

    private static void addSegments(
            ArchiveListing listing, Full oldest, Instant now, List<String> doomed, Set<Long> referred)
            throws IOException {
        listing.segments(Instant.MIN, (segment, bytes) -> {
            if (isBefore(segment, oldest) && isPast(segment, now)) {
                doomed.add(segment.text());
            } else {
                referred.add(segment.state());
            }
        });
    }

    /** By time as well, for another branch of the history may have smaller revisions. */
    private static boolean isBefore(Segment segment, Full oldest) {
        return segment.time().isBefore(oldest.time())
                && segment.end().revision() <= oldest.end().revision();
    }

    private boolean isYoung(Instant time, Instant now) {
        return time.isAfter(now.minus(keepAge));
    }

    private static boolean isPast(ArchiveName name, Instant now) {
        return name.time().isBefore(now.minus(GRACE));
    }
}
