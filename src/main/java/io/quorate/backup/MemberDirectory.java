package io.quorate.backup;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.base.Directories;
import io.quorate.base.DurableFile;
import io.quorate.base.FileFailure;
import io.quorate.node.snapshot.SnapshotFiles;
import io.quorate.node.wal.Incarnation;
import io.quorate.node.wal.Wal;
import io.quorate.node.wal.WalSettings;
import io.quorate.node.wal.WalSnapshot;
import io.quorate.proto.Metadata;
import io.quorate.raft.Entry;
import io.quorate.raft.HardState;
import io.quorate.raft.Snapshot;
import io.quorate.storage.Database;
import io.quorate.storage.StorageSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the directory of a member that never ran here: its database, its log, and the snapshot that the log begins with. A start takes it
 * for a restart.
 *
 * <p>All of it is written to {@code member.restore-N}, made durable, and renamed to {@code member}; N is the incarnation of the log. A
 * crash leaves either no member or the whole one. What it leaves of an unfinished one, the next try removes; so it does with a log in a
 * directory of its own, if that has the same incarnation. Of two that try at the same time one is refused. Used by one thread.
 */
public final class MemberDirectory {

    /** All of the state is written at once: in fewer and larger files, which are merged by the member, if at all. */
    private static final StorageSettings STORAGE =
            StorageSettings.DEFAULTS.withWriteBufferBytes(256 << 20).withUnmergedFiles(16);

    private static final String MEMBER = "member";
    private static final String UNFINISHED = "member.restore-";

    /** Every file system of its own has one. */
    private static final String LOST_AND_FOUND = "lost+found";

    private final Path data;
    private final @Nullable Path separateLog;
    private final Consumer<Step> reached;

    /** What has been done so far; a crash is possible behind each of them. */
    public enum Step {
        LEFTOVERS_REMOVED,
        DIRECTORY_MADE,
        DATABASE_WRITTEN,
        SNAPSHOT_WRITTEN,
        LOG_BEGUN,
        LOG_WRITTEN,
        RENAMED
    }

    /**
     * What the log says.
     *
     * @param identity of the member and its cluster; gets an incarnation here
     * @param origin what the log begins with; the database must have reached it
     * @param hardState term, vote and commit
     * @param entries those behind the origin
     */
    public record Log(Metadata identity, Snapshot origin, HardState hardState, List<Entry> entries) {

        public Log {
            entries = List.copyOf(entries);
        }
    }

    /**
     * @param data data directory of the member
     * @param separateLog directory of its log; null for the one below the data directory
     */
    public MemberDirectory(Path data, @Nullable Path separateLog) {
        this(data, separateLog, step -> {});
    }

    /** @param reached called after each step */
    MemberDirectory(Path data, @Nullable Path separateLog, Consumer<Step> reached) {
        this.data = data;
        this.separateLog = separateLog;
        this.reached = reached;
    }

    /**
     * Makes the directory; durable on return. If it fails, nothing of it is left.
     *
     * @param state fills the empty database
     * @throws SnapshotException if there is something already
     * @throws IOException if the disk fails
     */
    public void create(Log log, Consumer<Database> state) throws IOException {
        removeLeftovers();
        checkEmpty(data, "data-dir");
        if (separateLog != null) {
            checkEmpty(separateLog, "wal-dir");
        }
        reached.accept(Step.LEFTOVERS_REMOVED);
        long incarnation = Incarnation.draw();
        boolean existed = Files.exists(data);
        try (UnfinishedDirectory unfinished =
                UnfinishedDirectory.make(data.resolve(UNFINISHED + Long.toHexString(incarnation)))) {
            fill(unfinished, log, state, incarnation);
        } catch (IOException e) {
            throw FileFailure.at(data, e);
        } finally {
            removeIfMade(existed);
        }
    }

    private void fill(UnfinishedDirectory unfinished, Log log, Consumer<Database> state, long incarnation)
            throws IOException {
        boolean done = false;
        try {
            DurableFile.syncDirectory(data);
            reached.accept(Step.DIRECTORY_MADE);
            write(log, state, unfinished.path(), incarnation);
            unfinished.rename(data.resolve(MEMBER));
            done = true;
            reached.accept(Step.RENAMED);
        } finally {
            if (!done) {
                removeLogOf(unfinished.path());
                unfinished.remove();
            }
        }
    }

    private void write(Log log, Consumer<Database> state, Path unfinished, long incarnation) throws IOException {
        try (Database database = Database.open(unfinished.resolve("db"), STORAGE)) {
            state.accept(database);
            database.flush();
        }
        reached.accept(Step.DATABASE_WRITTEN);
        WalSettings settings = WalSettings.DEFAULT;
        new SnapshotFiles(unfinished.resolve("snap"), settings.disk()).save(log.origin());
        reached.accept(Step.SNAPSHOT_WRITTEN);
        Metadata named = log.identity().toBuilder().setIncarnation(incarnation).build();
        Path directory = separateLog == null ? unfinished.resolve("wal") : separateLog;
        try (Wal wal = Wal.create(directory, named.toByteArray(), settings)) {
            reached.accept(Step.LOG_BEGUN);
            wal.appendSnapshot(WalSnapshot.of(log.origin()));
            wal.append(log.hardState(), log.entries());
            wal.sync();
        }
        reached.accept(Step.LOG_WRITTEN);
    }

    private void removeLeftovers() throws IOException {
        for (Path leftover : leftovers()) {
            if (UnfinishedDirectory.isInUse(leftover)) {
                throw new SnapshotException("data-dir \"" + data + "\" is being filled by another restore");
            }
            removeLogOf(leftover);
            Directories.delete(leftover);
        }
    }

    /** The log in its own directory goes first: once the name with its incarnation is gone, nothing tells whose it is. */
    private void removeLogOf(Path leftover) throws IOException {
        if (separateLog == null || Files.notExists(separateLog)) {
            return;
        }
        String incarnation = leftover.getFileName().toString().substring(UNFINISHED.length());
        boolean begun = Wal.exists(separateLog);
        if (begun && !incarnation.equals(Long.toHexString(incarnationIn(separateLog)))) {
            return;
        }
        try (Stream<Path> files = Files.list(separateLog)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".wal") || name.endsWith(".tmp")) {
                    Files.delete(file);
                }
            }
        }
        DurableFile.syncDirectory(separateLog);
    }

    private static long incarnationIn(Path directory) {
        try {
            return Metadata.parseFrom(Wal.metadata(directory, WalSettings.DEFAULT))
                    .getIncarnation();
        } catch (InvalidProtocolBufferException e) {
            throw new SnapshotException("wal-dir \"" + directory + "\" holds a log that does not say whose it is", e);
        }
    }

    private List<Path> leftovers() throws IOException {
        return names(data).stream()
                .filter(name -> name.startsWith(UNFINISHED))
                .map(data::resolve)
                .toList();
    }

    private static void checkEmpty(Path directory, String option) throws IOException {
        boolean empty = Files.notExists(directory)
                || (Files.isDirectory(directory) && names(directory).stream().allMatch(LOST_AND_FOUND::equals));
        if (!empty) {
            throw new SnapshotException(option + " \"" + directory + "\" not empty or could not be read");
        }
    }

    private static List<String> names(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private void removeIfMade(boolean existed) throws IOException {
        if (!existed && Files.isDirectory(data) && names(data).isEmpty()) {
            Files.delete(data);
        }
    }
}
