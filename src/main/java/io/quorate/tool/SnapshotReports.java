package io.quorate.tool;

import io.quorate.backup.FileHashKv;
import io.quorate.backup.SnapshotFile;
import io.quorate.backup.SnapshotStatus;
import io.quorate.bbolt.FileCheck;
import java.io.IOException;
import lombok.RequiredArgsConstructor;

/** What is told about a snapshot. */
@RequiredArgsConstructor
final class SnapshotReports {

    private final Options options;

    String status() throws IOException {
        String format = format();
        try (SnapshotInput input = SnapshotInput.of(options);
                SnapshotFile snapshot = input.open()) {
            SnapshotStatus status = SnapshotStatus.of(snapshot);
            return new Printout()
                    .number(
                            "hash",
                            "HASH",
                            "Hash",
                            Integer.toUnsignedLong(status.hash()),
                            Integer.toHexString(status.hash()))
                    .number("revision", "REVISION", "Revision", status.revision())
                    .number("totalKey", "TOTAL KEYS", "Keys", status.totalKey())
                    .number("totalSize", "TOTAL SIZE", "Size", status.totalSize(), Printout.size(status.totalSize()))
                    .text("version", "VERSION", "Version", status.version())
                    .in(format);
        }
    }

    String hashKv() throws IOException {
        String format = format();
        try (SnapshotInput input = SnapshotInput.of(options);
                SnapshotFile snapshot = input.open()) {
            long revision = options.optional("rev").isPresent() ? options.revision("rev") : 0;
            FileHashKv hash = FileHashKv.of(snapshot, revision);
            return new Printout()
                    .number("hash", "HASH", "Hash", Integer.toUnsignedLong(hash.hash()))
                    .number("hashRevision", "HASH REVISION", "Hash revision", hash.hashRevision())
                    .number("compactRevision", "COMPACT REVISION", "Compact revision", hash.compactRevision())
                    .in(format);
        }
    }

    String check() throws IOException {
        boolean skip = Boolean.parseBoolean(options.optional("skip-hash-check").orElse("false"));
        try (SnapshotInput input = SnapshotInput.of(options);
                SnapshotFile snapshot = input.open(skip)) {
            FileCheck.Report report = snapshot.check();
            SnapshotStatus status = SnapshotStatus.of(snapshot);
            return "OK: " + report.records() + " records in " + report.pages() + " pages, revision "
                    + status.revision();
        }
    }

    private String format() {
        String format = options.optional("write-out").orElse("simple");
        Printout.checkFormat(format);
        return format;
    }
}
