package io.quorate.tool;

import static io.quorate.tool.Option.onOff;
import static io.quorate.tool.Option.optional;
import static io.quorate.tool.Option.required;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The commands about snapshots, with the options and the output of etcdutl and etcdctl. */
enum SnapshotCommand {
    /** Fetches a snapshot of a running cluster. */
    SAVE(
            new Command(
                            "snapshot save",
                            "Fetches the state of a member as one file, compares its checksum, and names it only when it is whole.",
                            Duration.ofSeconds(10),
                            List.of(),
                            List.of(
                                    required(
                                            "file",
                                            "FILE",
                                            "the file to write, or - for standard output; also without --file="),
                                    optional(
                                            "compress",
                                            "zstd",
                                            "how to compress it; without it zstd if the name ends in .zst")))
                    .asEtcd(),
            options -> new SnapshotSave(options).run()),
    /** What a snapshot holds. */
    STATUS(
            Command.offline(
                            "snapshot status",
                            "Tells hash, revision, number of keys and size of a snapshot.",
                            List.of(file(), format(), lock()))
                    .asEtcd(),
            options -> new SnapshotReports(options).status()),
    /** Makes the directory of a member of a new cluster. */
    RESTORE(
            Command.offline(
                            "snapshot restore",
                            """
                    Makes the data directory of a member of a new cluster from a snapshot of Quorate or of etcd, from a
                    bare member/snap/db, or, with --from, from a backup that members have made. Do it for each member with
                    the same file, or the same --to-time, then start all.""",
                            List.of("file", "from"),
                            concat(
                                    optional(
                                            "file",
                                            "FILE",
                                            "the snapshot, or - for standard input; also without --file="),
                                    from(),
                                    optional("to-revision", "N", "with --from: the state right behind that revision"),
                                    optional(
                                            "to-time",
                                            "TIME",
                                            "with --from: the state of that time, such as 2026-11-30T10:00:00Z"),
                                    optional(
                                            "data-dir",
                                            "DIR",
                                            "data directory of the member, missing or empty; without it NAME.etcd"),
                                    optional("wal-dir", "DIR", "directory of its log, if that is elsewhere"),
                                    optional("name", "NAME", "name of the member; without it default"),
                                    optional(
                                            "initial-cluster",
                                            "NAME=URL,...",
                                            "the members of the new cluster; without it default=http://localhost:2380"),
                                    optional(
                                            "initial-cluster-token",
                                            "TEXT",
                                            "keeps clusters apart; without it etcd-cluster"),
                                    optional(
                                            "initial-advertise-peer-urls",
                                            "URL,...",
                                            "peer URLs of this member; without it those in initial-cluster"),
                                    optional(
                                            "bump-revision",
                                            "N",
                                            "what is added to the newest revision; needs mark-compacted"),
                                    onOff("mark-compacted", "counts all revisions of the snapshot as compacted"),
                                    onOff("skip-hash-check", "accepts a bare database, which has no checksum"),
                                    onOff(
                                            "if-empty",
                                            "does nothing if there is a member already, or if initial-cluster does not name this one"),
                                    optional(
                                            "initial-memory-map-size",
                                            "BYTES",
                                            "accepted; nothing is mapped to memory"),
                                    optional("write-out", "FORMAT", "accepted; also -w"),
                                    lock()))
                    .asEtcd(),
            options -> new SnapshotRestoration(options).run()),
    /** Restores a backup into a scratch directory. */
    VERIFY(
            Command.offline(
                            "snapshot verify",
                            """
                    Restores a backup that members have made into a scratch directory, compares it with the hashes of the
                    history that they noted, and removes it again.""",
                            List.of(),
                            concat(
                                    required("from", "URL", "the backup below file:///DIRECTORY or s3://BUCKET/PREFIX"),
                                    optional(
                                            "to-revision",
                                            "N",
                                            "the state right behind that revision; without it the newest"),
                                    optional("to-time", "TIME", "the state of that time, such as 2026-11-30T10:00:00Z"),
                                    optional(
                                            "scratch",
                                            "DIR",
                                            "where it is restored; without it the directory for temporary files"),
                                    format()))
                    .asEtcd(),
            options -> ArchiveInput.verify(options)),
    /** Reads all of a snapshot. */
    CHECK(
            Command.offline(
                            "snapshot check",
                            "Compares the checksum of a snapshot and reads all of its pages and records.",
                            List.of(
                                    file(),
                                    onOff("skip-hash-check", "accepts a bare database, which has no checksum"),
                                    optional("write-out", "FORMAT", "accepted; also -w"),
                                    lock()))
                    .asEtcd(),
            options -> new SnapshotReports(options).check()),
    /** The hash of the history. */
    HASHKV(
            Command.offline(
                            "hashkv",
                            "Tells the hash of a snapshot's history, as HashKV of a member does.",
                            List.of(
                                    file(),
                                    optional("rev", "N", "the last revision to take in; without it the newest"),
                                    format(),
                                    lock()))
                    .asEtcd(),
            options -> new SnapshotReports(options).hashKv());

    private final Command command;
    private final Command.Work work;

    SnapshotCommand(Command command, Command.Work work) {
        this.command = command;
        this.work = work;
    }

    private static Option from() {
        return optional("from", "URL", "instead of a file, the backup below file:///DIRECTORY or s3://BUCKET/PREFIX");
    }

    /** Options, and those of all backups. */
    private static List<Option> concat(Option... options) {
        return Stream.concat(Arrays.stream(options), ArchiveInput.options().stream())
                .toList();
    }

    private static Option file() {
        return required(
                "file",
                "FILE",
                "the snapshot, also compressed by zstd or gzip, or - for standard input; also without --file=");
    }

    private static Option format() {
        return optional("write-out", "FORMAT", "simple, table, json or fields; also -w");
    }

    private static Option lock() {
        return optional("timeout", "TIME", "accepted; the file is not locked, so none is waited for");
    }

    /** Runs a command of {@code snapshot}: the first argument is its name. */
    static int runNamed(List<String> arguments) {
        String name = arguments.isEmpty() ? "" : "snapshot " + arguments.getFirst();
        List<SnapshotCommand> all =
                Arrays.stream(values()).filter(each -> each != HASHKV).toList();
        for (SnapshotCommand each : all) {
            if (each.command.name().equals(name)) {
                return each.run(arguments.subList(1, arguments.size()));
            }
        }
        String names = all.stream()
                .map(each -> each.command.name().substring("snapshot ".length()))
                .collect(Collectors.joining("|"));
        String usage =
                "Usage: quorate snapshot " + names + " [options]\n\n'quorate snapshot COMMAND --help' tells more.";
        boolean asked = !arguments.isEmpty() && Command.HELP.contains(arguments.getFirst());
        (asked ? System.out : System.err).println(usage);
        return asked ? 0 : 1;
    }

    /** Does the work, or tells how it is called; returns 0, or 1 if it could not be done. */
    int run(List<String> arguments) {
        return command.run(arguments, work);
    }

    Command command() {
        return command;
    }
}
