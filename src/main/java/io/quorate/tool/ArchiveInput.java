package io.quorate.tool;

import static io.quorate.tool.Option.optional;

import io.quorate.backup.archive.ArchiveCheck;
import io.quorate.backup.archive.ArchiveListing;
import io.quorate.backup.archive.RestorePlan;
import io.quorate.backup.archive.RestoreTarget;
import io.quorate.backup.archive.Seal;
import io.quorate.backup.store.BackupStore;
import io.quorate.backup.store.StoreLocation;
import io.quorate.base.MonotonicClock;
import io.quorate.tool.Tool.ToolException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** The backup of a store that options name. */
final class ArchiveInput implements Closeable {

    private final BackupStore store;
    private final Seal seal;
    private final long cluster;
    private final ArchiveListing listing;

    private ArchiveInput(BackupStore store, Seal seal, long cluster) {
        this.store = store;
        this.seal = seal;
        this.cluster = cluster;
        this.listing = new ArchiveListing(store, cluster, seal);
    }

    /** What tells where a backup is and how it is read. */
    static List<Option> options() {
        return List.of(
                optional(
                        "cluster",
                        "ID",
                        "the cluster whose backup is read, in hexadecimal; needed if the store has those of several"),
                optional("key-file", "FILE", "the key that the backup is encrypted with"),
                optional(
                        "credentials-file",
                        "FILE",
                        "credentials of S3; without it AWS_ACCESS_KEY_ID and so on of the environment"));
    }

    /** @throws ToolException if the options do not name one backup */
    static ArchiveInput of(Options options) throws IOException {
        Seal seal =
                options.optional("key-file").isPresent() ? Seal.of(Path.of(options.required("key-file"))) : Seal.NONE;
        BackupStore store = StoreLocation.open(
                options.required("from"),
                options.optional("credentials-file").map(Path::of).orElse(null),
                MonotonicClock.SYSTEM);
        try {
            return new ArchiveInput(store, seal, cluster(options, store));
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private static long cluster(Options options, BackupStore store) throws IOException {
        if (options.optional("cluster").isPresent()) {
            String id = options.required("cluster");
            if (!id.matches("[0-9a-fA-F]{1,16}")) {
                throw new ToolException("--cluster=" + id + " is no id of a cluster");
            }
            return HexFormat.fromHexDigitsToLong(id);
        }
        List<Long> found = ArchiveListing.clusters(store);
        if (found.isEmpty()) {
            throw new ToolException(store + " has no backup");
        }
        if (found.size() > 1) {
            throw new ToolException(store + " has backups of several clusters: name one by --cluster="
                    + found.stream().map(Long::toHexString).collect(Collectors.joining(" or --cluster=")));
        }
        return found.getFirst();
    }

    BackupStore store() {
        return store;
    }

    Seal seal() {
        return seal;
    }

    @Override
    public void close() {
        store.close();
    }

    /** @throws ToolException if options contradict each other */
    RestorePlan plan(Options options) throws IOException {
        RestoreTarget target = target(options);
        checkSeal();
        if (target instanceof RestoreTarget.Time(var time) && time.isAfter(Instant.now()) && !isOver(time)) {
            throw new ToolException("--to-time=" + time + " lies in the future");
        }
        RestorePlan plan = RestorePlan.of(listing, target);
        warnOfOtherSeals(plan);
        return plan;
    }

    /** A restore with the key of before would take an old state for the newest. */
    private void warnOfOtherSeals(RestorePlan plan) throws IOException {
        listing.newestOfOtherSeals()
                .filter(newest -> newest.isAfter(plan.last().time()))
                .ifPresent(newest -> System.err.println("Warning: the backup has a newer full one, of " + newest
                        + ", that is sealed with another key or not at all"));
    }

    /**
     * Whether nothing of that time can come to the store any more: it has something later. That may be in the future, if the clock of a
     * member was ahead, or if this machine's is behind.
     */
    boolean isOver(Instant time) throws IOException {
        boolean[] later = {
            listing.fulls().stream().anyMatch(each -> !each.time().isBefore(time))
        };
        listing.segments(time, (each, bytes) -> later[0] |= !each.time().isBefore(time));
        return later[0];
    }

    private void checkSeal() throws IOException {
        if (!listing.fulls().isEmpty() || !listing.hasOtherSeals()) {
            return;
        }
        String named = "the backup in " + store + " is ";
        if (seal == Seal.NONE) {
            throw new ToolException(named + "encrypted: give --key-file");
        }
        boolean plain = !new ArchiveListing(store, cluster, Seal.NONE).fulls().isEmpty();
        throw new ToolException(named
                + (plain ? "not encrypted: leave --key-file out" : "sealed with another key than --key-file has"));
    }

    private static RestoreTarget target(Options options) {
        boolean byRevision = options.optional("to-revision").isPresent();
        boolean byTime = options.optional("to-time").isPresent();
        if (byRevision && byTime) {
            throw new ToolException("--to-revision and --to-time name a moment each: one is enough");
        }
        if (byRevision) {
            String revision = options.required("to-revision");
            if (!revision.matches("[1-9]\\d{0,17}")) {
                throw new ToolException("--to-revision=" + revision + " is no revision");
            }
            return new RestoreTarget.Revision(Long.parseLong(revision));
        }
        return byTime ? new RestoreTarget.Time(time(options.required("to-time"))) : new RestoreTarget.Newest();
    }

    static Instant time(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw new ToolException("--to-time=" + text + " is not written like 2026-11-30T10:00:00Z");
        }
    }

    /** Restores the newest into a scratch directory and compares it with what members noted; says what was found. */
    static String verify(Options options) throws IOException {
        String format = options.optional("write-out").orElse("simple");
        Printout.checkFormat(format);
        Path scratch = ScratchFile.createDirectory(
                        options.optional("scratch").map(Path::of).orElse(ScratchFile.usualDirectory()), "verify")
                .resolve("db");
        try (ArchiveInput input = of(options)) {
            RestorePlan plan = input.plan(options);
            ArchiveCheck.Report report =
                    new ArchiveCheck(input.store, input.seal, scratch).run(plan, ArchiveCheck.NOBODY);
            return new Printout()
                    .number("revision", "REVISION", "Revision", report.revision())
                    .text("time", "TIME", "Time", plan.last().time().toString())
                    .number("comparedRevision", "COMPARED UP TO", "Compared up to", report.witnessed())
                    .number("hash", "HASH", "Hash", Integer.toUnsignedLong(report.hash()))
                    .text(
                            "cluster",
                            "CLUSTER",
                            "Cluster",
                            Long.toHexString(plan.full().cluster()))
                    .in(format);
        } finally {
            Files.deleteIfExists(scratch.getParent());
        }
    }
}
