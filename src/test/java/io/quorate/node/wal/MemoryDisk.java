package io.quorate.node.wal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A disk in memory that knows which bytes and names were synced. It can crash, also between any two operations, whereupon
 * every unsynced sector is there or not as chance has it, fill up, and fail at the n-th operation.
 */
public final class MemoryDisk implements Disk {

    /** What a disk does that may go wrong. */
    public enum Operation {
        WRITE,
        SYNC,
        RENAME,
        TRUNCATE
    }

    private final Map<Path, Content> names = new HashMap<>();
    private final Map<Path, Content> durableNames = new HashMap<>();
    private long capacityBytes = Long.MAX_VALUE;
    private Operation failing = Operation.WRITE;
    private int failAfter = Integer.MAX_VALUE;
    private String failure = "";
    private Power power = new Power();

    private static final class Content {
        private byte[] bytes = {};
        private byte[] durable = {};
    }

    /** Lets an operation succeed some more times, then fail for ever. */
    public void failAfter(Operation operation, int times, String message) {
        failing = operation;
        failAfter = times;
        failure = message;
    }

    /** Sets what it runs on. */
    public void runOn(Power supply) {
        power = supply;
    }

    /** Limits the sum of all files' sizes. */
    public void limitTo(long bytes) {
        capacityBytes = bytes;
    }

    /** Leaves so much room, whatever is used now. */
    public void leave(long bytes) {
        limitTo(used() + bytes);
    }

    private long used() {
        return names.values().stream().mapToLong(file -> file.bytes.length).sum();
    }

    /** A disk with the same durable files. */
    public MemoryDisk copy() {
        MemoryDisk copy = new MemoryDisk();
        durableNames.forEach((file, content) -> copy.put(file, content.durable.clone()));
        return copy;
    }

    /** Turns over one durable bit somewhere, if there is any. */
    public void flip(RandomGenerator random) {
        List<Content> files = new TreeMap<>(durableNames)
                .values().stream().filter(file -> file.durable.length > 0).toList();
        if (!files.isEmpty()) {
            Content file = files.get(random.nextInt(files.size()));
            file.durable[random.nextInt(file.durable.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
            file.bytes = file.durable.clone();
        }
    }

    /** The bytes of a file, not a copy. */
    public byte[] bytes(Path file) {
        return Objects.requireNonNull(names.get(file), file.toString()).bytes;
    }

    /** Puts a file there, durable. */
    public void put(Path file, byte[] bytes) {
        Content content = new Content();
        content.durable = bytes;
        content.bytes = bytes.clone();
        names.put(file, content);
        durableNames.put(file, content);
    }

    /** What is left after the power went. */
    public MemoryDisk crash(RandomGenerator random) {
        MemoryDisk left = new MemoryDisk();
        Map<Path, Content> surviving = random.nextBoolean() ? names : durableNames;
        surviving.forEach((path, content) -> left.put(path, torn(content, random)));
        return left;
    }

    /** Every sector as it was at the last sync or as it was written since. */
    private static byte[] torn(Content content, RandomGenerator random) {
        int shorter = Math.min(content.durable.length, content.bytes.length);
        int size = random.nextBoolean() ? content.durable.length : content.bytes.length;
        byte[] left = Arrays.copyOf(content.durable, size);
        int style = random.nextInt(4);
        int border = random.nextInt(Math.max(1, shorter / SECTOR_BYTES + 1)) * SECTOR_BYTES;
        for (int sector = 0; sector < Math.min(size, content.bytes.length); sector += SECTOR_BYTES) {
            boolean written = switch (style) {
                case 0 -> sector < border;
                case 1 -> sector >= border;
                case 2 -> random.nextInt(10) > 0;
                default -> random.nextBoolean();
            };
            if (written) {
                int end = Math.min(sector + SECTOR_BYTES, Math.min(size, content.bytes.length));
                System.arraycopy(content.bytes, sector, left, sector, end - sector);
            }
        }
        return left;
    }

    private void perform(Operation operation) throws IOException {
        power.step();
        if (operation == failing && failAfter-- <= 0) {
            failAfter = 0;
            throw new IOException(failure);
        }
    }

    private Content find(Path file) throws IOException {
        Content content = names.get(file);
        if (content == null) {
            throw new NoSuchFileException(file.toString());
        }
        return content;
    }

    @Override
    public List<String> list(Path directory) {
        return names.keySet().stream()
                .filter(file -> directory.equals(file.getParent()))
                .map(file -> String.valueOf(file.getFileName()))
                .toList();
    }

    @Override
    public void createDirectories(Path directory) {
        // directories exist by having files
    }

    @Override
    public DiskFile create(Path file) {
        power.step();
        Content content = new Content();
        names.put(file, content);
        return new MemoryFile(content);
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        return new MemoryFile(find(file));
    }

    @Override
    public DiskFile openForReading(Path file) throws IOException {
        return new MemoryFile(find(file));
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        perform(Operation.RENAME);
        names.put(to, find(from));
        names.remove(from);
    }

    @Override
    public void delete(Path file) {
        power.step();
        names.remove(file);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        perform(Operation.SYNC);
        durableNames.keySet().removeIf(file -> directory.equals(file.getParent()));
        names.forEach((file, content) -> {
            if (directory.equals(file.getParent())) {
                durableNames.put(file, content);
            }
        });
    }

    private final class MemoryFile implements DiskFile {

        private final Content content;

        MemoryFile(Content content) {
            this.content = content;
        }

        @Override
        public long size() {
            return content.bytes.length;
        }

        @Override
        public int read(ByteBuffer target, long position) {
            if (position >= content.bytes.length) {
                return -1;
            }
            int count = (int) Math.min(target.remaining(), content.bytes.length - position);
            target.put(content.bytes, (int) position, count);
            return count;
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            perform(Operation.WRITE);
            int end = (int) position + source.remaining();
            if (end > content.bytes.length) {
                if (used() + end - content.bytes.length > capacityBytes) {
                    throw new IOException("No space left on device");
                }
                content.bytes = Arrays.copyOf(content.bytes, end);
            }
            source.get(content.bytes, (int) position, source.remaining());
        }

        @Override
        public void truncate(long size) throws IOException {
            perform(Operation.TRUNCATE);
            content.bytes = Arrays.copyOf(content.bytes, (int) Math.min(size, content.bytes.length));
        }

        @Override
        public void sync(boolean metadata) throws IOException {
            perform(Operation.SYNC);
            content.durable = content.bytes.clone();
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
