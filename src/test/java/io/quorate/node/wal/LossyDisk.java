package io.quorate.node.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * The file system of this machine, of which a crash takes what was not synced: for files that a database opens, which cannot
 * be in memory. Wherever an unsynced file was moved to meanwhile, a second name beside keeps hold of it.
 */
public final class LossyDisk implements Disk {

    private final Disk system = Disk.system();
    private final Path holds;
    private final Power power;

    /** Files with bytes that are not durable, by their second names. */
    private final Map<Path, Long> unsyncedFiles = new TreeMap<>();

    /** Names that are not durable, and what they were called before; itself if they were not there. */
    private final Map<Path, Path> unsyncedNames = new TreeMap<>();

    private int held;

    /**
     * @param holds a directory on the same file system, for second names
     */
    public LossyDisk(Path holds, Power power) {
        this.holds = holds;
        this.power = power;
    }

    /** The power goes. */
    public void crash(RandomGenerator random) throws IOException {
        for (Map.Entry<Path, Long> file : unsyncedFiles.entrySet()) {
            lose(file.getKey(), file.getValue(), random);
            Files.delete(file.getKey());
        }
        for (Map.Entry<Path, Path> name : new TreeMap<>(unsyncedNames).entrySet()) {
            if (random.nextBoolean()) {
                forget(name.getKey(), name.getValue());
            }
        }
        unsyncedFiles.clear();
        unsyncedNames.clear();
    }

    /** Bytes behind the durable ones are there or not, and zeros before others that are. */
    private static void lose(Path file, long durableBytes, RandomGenerator random) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            long unsynced = channel.size() - durableBytes;
            if (unsynced <= 0) {
                return;
            }
            if (random.nextBoolean()) {
                channel.truncate(durableBytes + random.nextLong(unsynced));
            } else {
                int lost = (int) Math.min(unsynced, SECTOR_BYTES);
                channel.write(ByteBuffer.allocate(lost), durableBytes);
            }
        }
    }

    private static void forget(Path name, Path before) throws IOException {
        if (Files.notExists(name)) {
            return; // it went on from there
        }
        if (name.equals(before)) {
            Files.delete(name);
        } else {
            Files.move(name, before);
        }
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        return system.list(directory);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        power.step();
        system.createDirectories(directory);
    }

    @Override
    public DiskFile create(Path file) throws IOException {
        power.step();
        DiskFile opened = system.create(file);
        unsyncedNames.put(file, file);
        Files.createDirectories(holds);
        Path hold = holds.resolve("held-" + ++held);
        Files.createLink(hold, file);
        unsyncedFiles.put(hold, 0L);
        return new LossyFile(opened, hold);
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        throw new IOException("no file is opened again here: " + file);
    }

    @Override
    public DiskFile openForReading(Path file) throws IOException {
        return system.openForReading(file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        power.step();
        system.rename(from, to);
        for (Path name : new ArrayList<>(unsyncedNames.keySet())) {
            if (name.startsWith(from) && !name.equals(from)) {
                Path moved = to.resolve(from.relativize(name));
                unsyncedNames.remove(name);
                unsyncedNames.put(moved, moved);
            }
        }
        unsyncedNames.put(to, from);
    }

    @Override
    public void delete(Path file) throws IOException {
        power.step();
        system.delete(file);
        unsyncedNames.remove(file);
    }

    @Override
    public void syncDirectory(Path directory) {
        power.step();
        unsyncedNames.keySet().removeIf(name -> directory.equals(name.getParent()));
    }

    private final class LossyFile implements DiskFile {

        private final DiskFile file;
        private final Path hold;

        LossyFile(DiskFile file, Path hold) {
            this.file = file;
            this.hold = hold;
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            power.step();
            file.write(source, position);
        }

        @Override
        public void truncate(long size) throws IOException {
            power.step();
            file.truncate(size);
        }

        /** Not on the disk below: this process never loses its own power. */
        @Override
        public void sync(boolean metadata) throws IOException {
            power.step();
            if (unsyncedFiles.remove(hold) != null) {
                Files.delete(hold);
            }
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
