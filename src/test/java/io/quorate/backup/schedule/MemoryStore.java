package io.quorate.backup.schedule;

import io.quorate.backup.store.BackupStore;
import io.quorate.backup.store.ObjectName;
import io.quorate.backup.store.Upload;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Objects in memory; away, or full, when the test says so. */
final class MemoryStore implements BackupStore {

    final TreeMap<String, byte[]> objects = new TreeMap<>();
    boolean away;
    /** So many bytes are taken, and no more. */
    long room = Long.MAX_VALUE;
    /** The next commits say that they failed although they did not. */
    int lostAnswers;

    /** What was left over from before this time was removed; null for nothing. */
    @Nullable
    Instant removedBefore;

    int calls;

    private void call() throws IOException {
        calls++;
        if (away) {
            throw new IOException("the store is away");
        }
    }

    @Override
    public void list(String folder, String after, Consumer<Item> each) throws IOException {
        call();
        new TreeMap<>(objects.tailMap(folder)).forEach((name, content) -> {
            if (name.startsWith(folder) && name.compareTo(after) > 0) {
                each.accept(new Item(name, content.length));
            }
        });
    }

    @Override
    public List<String> folders() throws IOException {
        call();
        return objects.keySet().stream()
                .map(name -> name.substring(0, name.indexOf('/')))
                .distinct()
                .toList();
    }

    @Override
    public InputStream read(String name) throws IOException {
        call();
        byte[] content = objects.get(name);
        if (content == null) {
            throw new NoSuchFileException(name);
        }
        return new ByteArrayInputStream(content);
    }

    @Override
    public Upload create(String name) throws IOException {
        call();
        String checked = ObjectName.check(name);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        return new Upload() {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                call();
                room -= length;
                if (room < 0) {
                    throw new IOException("no space left");
                }
                content.write(bytes, offset, length);
            }

            @Override
            public void commit() throws IOException {
                call();
                objects.put(checked, content.toByteArray());
                if (lostAnswers > 0) {
                    lostAnswers--;
                    throw new IOException("the answer was lost");
                }
            }

            @Override
            public void close() {
                // what was not committed is forgotten with this
            }
        };
    }

    @Override
    public void delete(String name) throws IOException {
        call();
        objects.remove(name);
    }

    @Override
    public void removeUnfinished(Instant before) throws IOException {
        call();
        removedBefore = before;
    }

    @Override
    public String toString() {
        return "memory";
    }

    @Override
    public void close() {
        // nothing is open
    }
}
