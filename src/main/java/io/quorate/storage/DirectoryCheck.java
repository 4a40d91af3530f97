package io.quorate.storage;

import io.quorate.storage.StorageException.ForeignDirectoryException;
import io.quorate.storage.StorageException.NewerFormatException;
import io.quorate.storage.StorageException.StorageCorruptException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * Looks at a directory before it is opened for writing, because opening changes it: foreign files, a RocksDB that
 * is not ours, and one of a later version must stay as they are.
 */
final class DirectoryCheck {

    /** How many names of foreign files a message shows. */
    private static final int NAMES_SHOWN_MAX = 5;

    /** Names the file that lists all others; RocksDB creates it last. */
    private static final String CURRENT_FILE = "CURRENT";

    private final Path directory;

    DirectoryCheck(Path directory) {
        this.directory = directory;
    }

    /** Returns when the directory is missing, empty, or a database of ours, perhaps one whose creation was cut short. */
    void run() throws IOException, RocksDBException {
        if (Files.notExists(directory)) {
            return;
        }
        List<String> names = names();
        if (!names.contains(CURRENT_FILE)) {
            checkNotStarted(names);
            return;
        }
        Set<Family> known = EnumSet.noneOf(Family.class);
        List<String> unknown = new ArrayList<>();
        for (byte[] name : families()) {
            FamilyNames.decode(name)
                    .ifPresentOrElse(known::add, () -> unknown.add(new String(name, StandardCharsets.UTF_8)));
        }
        if (!unknown.isEmpty() || known.size() < Family.values().length) {
            checkMarker(known, unknown);
        }
    }

    /** Whether any RocksDB is there. */
    static boolean isDatabase(Path directory) {
        return Files.exists(directory.resolve(CURRENT_FILE));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        } catch (NotDirectoryException e) {
            throw new ForeignDirectoryException(directory, "a file, not a directory");
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private List<byte[]> families() throws RocksDBException {
        try (Options options = new Options()) {
            return RocksDB.listColumnFamilies(options, directory.toString());
        }
    }

    /** Without a {@code CURRENT} file there is no database yet: only what an interrupted creation leaves may be there. */
    private void checkNotStarted(List<String> names) {
        List<String> foreign = new ArrayList<>();
        for (String name : names) {
            if (name.endsWith(".sst") || name.endsWith(".blob")) {
                // RocksDB would take these for leftovers and delete them.
                throw new StorageCorruptException(
                        directory, "its CURRENT file is missing, but " + name + " is there", null);
            }
            if (!isLeftByCreation(name)) {
                foreign.add(name);
            }
        }
        if (!foreign.isEmpty()) {
            int shown = Math.min(NAMES_SHOWN_MAX, foreign.size());
            String more = foreign.size() > shown ? " and " + (foreign.size() - shown) + " more" : "";
            throw new ForeignDirectoryException(directory, String.join(", ", foreign.subList(0, shown)) + more);
        }
    }

    private static boolean isLeftByCreation(String name) {
        return name.equals("LOCK")
                || name.equals("IDENTITY")
                || name.equals("lost+found")
                || name.equals("LOG")
                || name.startsWith("LOG.old.")
                || name.startsWith("MANIFEST-")
                || name.startsWith("OPTIONS-")
                || name.endsWith(".dbtmp")
                || name.endsWith(".log");
    }

    /** Families missing or too many: the marker tells a later version, a creation cut short, and a foreign database apart. */
    private void checkMarker(Set<Family> known, List<String> unknown) throws RocksDBException {
        try (DBOptions options = new DBOptions()) {
            List<ColumnFamilyHandle> handles = new ArrayList<>();
            List<ColumnFamilyDescriptor> meta = List.of(new ColumnFamilyDescriptor(FamilyNames.encode(Family.META)));
            try (RocksDB database = RocksDB.openReadOnly(options, directory.toString(), meta, handles);
                    ColumnFamilyHandle handle = handles.getFirst()) {
                checkMarker(database.get(handle, Database.FORMAT_KEY), known, unknown, isEmpty(database, handle));
            }
        }
    }

    private void checkMarker(byte @Nullable [] marker, Set<Family> known, List<String> unknown, boolean empty) {
        checkFormat(marker);
        if (marker != null) {
            List<String> missing = new ArrayList<>();
            EnumSet.complementOf(EnumSet.copyOf(known)).forEach(family -> missing.add(family.diskName()));
            throw new StorageCorruptException(
                    directory, "column families missing: " + missing + ", unknown: " + unknown, null);
        }
        if (!unknown.isEmpty() || !empty) {
            throw new ForeignDirectoryException(
                    directory,
                    "a RocksDB of something else" + (unknown.isEmpty() ? "" : " with column families " + unknown));
        }
    }

    private static boolean isEmpty(RocksDB database, ColumnFamilyHandle handle) {
        try (ReadOptions options = new ReadOptions();
                RocksIterator iterator = database.newIterator(handle, options)) {
            iterator.seekToFirst();
            return !iterator.isValid();
        }
    }

    /** Refuses a marker of a later version, or one that makes no sense; no marker is fine here. */
    void checkFormat(byte @Nullable [] marker) {
        if (marker == null) {
            return;
        }
        if (marker.length != Integer.BYTES || ByteBuffer.wrap(marker).getInt() < 1) {
            throw new ForeignDirectoryException(directory, "a RocksDB whose format cannot be read");
        }
        int format = ByteBuffer.wrap(marker).getInt();
        if (format > Database.FORMAT) {
            throw new NewerFormatException(directory, format, Database.FORMAT);
        }
    }
}
