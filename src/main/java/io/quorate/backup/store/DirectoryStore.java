package io.quorate.backup.store;

import io.quorate.base.DurableFile;
import io.quorate.base.FileFailure;
import io.quorate.base.PrivateFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Objects as files of a directory, such as a mounted volume. A file is written under a temporary name in {@code .unfinished}, made durable,
 * and renamed; a crash leaves nothing but such a temporary file.
 *
 * <p>The directory itself is never created: a volume that is not mounted must not turn into files on another disk.
 */
public final class DirectoryStore implements BackupStore {

    private static final String UNFINISHED = ".unfinished";

    private final Path root;
    private final Consumer<Step> reached;

    /** What has been done of an upload; a crash is possible behind each of them. */
    enum Step {
        BEGUN,
        WRITTEN,
        SYNCED,
        FOLDER_MADE,
        RENAMED
    }

    /** @param root must exist when it is used */
    public DirectoryStore(Path root) {
        this(root, step -> {});
    }

    /** @param reached called after each step of an upload */
    DirectoryStore(Path root, Consumer<Step> reached) {
        this.root = root.toAbsolutePath().normalize();
        this.reached = reached;
    }

    @Override
    public void list(String folder, String after, Consumer<Item> each) throws IOException {
        checkThere();
        List<String> names = names(
                        root.resolve(ObjectName.check(folder.substring(0, folder.length() - 1))), Files::isRegularFile)
                .map(name -> folder + name)
                .filter(name -> name.compareTo(after) > 0 && ObjectName.isValid(name))
                .sorted()
                .toList();
        for (String name : names) {
            try {
                each.accept(new Item(name, Files.size(root.resolve(name))));
            } catch (NoSuchFileException gone) {
                continue; // deleted since the names were read, as by another leader's retention
            }
        }
    }

    @Override
    public List<String> folders() throws IOException {
        checkThere();
        return names(root, Files::isDirectory)
                .filter(ObjectName::isValid)
                .sorted()
                .toList();
    }

    private static Stream<String> names(Path directory, Predicate<Path> wanted) throws IOException {
        if (!Files.isDirectory(directory)) {
            return Stream.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(wanted).map(file -> String.valueOf(file.getFileName())).toList().stream();
        }
    }

    @Override
    public InputStream read(String name) throws IOException {
        return Files.newInputStream(root.resolve(ObjectName.check(name)));
    }

    @Override
    public Upload create(String name) throws IOException {
        checkThere();
        Path target = root.resolve(ObjectName.check(name));
        Path unfinished = root.resolve(UNFINISHED);
        PrivateFiles.createDirectories(unfinished);
        Path temporary = unfinished.resolve(UUID.randomUUID().toString());
        FileChannel channel =
                PrivateFiles.open(temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        reached.accept(Step.BEGUN);
        return new FileUpload(target, temporary, channel);
    }

    @Override
    public void delete(String name) throws IOException {
        checkThere();
        DurableFile.delete(root.resolve(ObjectName.check(name)));
    }

    @Override
    public void removeUnfinished(Instant before) throws IOException {
        checkThere();
        Path unfinished = root.resolve(UNFINISHED);
        for (String name : names(unfinished, Files::isRegularFile).toList()) {
            Path file = unfinished.resolve(name);
            try {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                    Files.delete(file);
                }
            } catch (NoSuchFileException gone) {
                continue; // the upload ended meanwhile
            }
        }
    }

    private void checkThere() throws IOException {
        if (!Files.isDirectory(root)) {
            throw new FileSystemException(
                    root.toString(),
                    null,
                    "there is no such directory, and none is made, so that a missing mount is noticed");
        }
    }

    @Override
    public String toString() {
        return root.toUri().toString();
    }

    @Override
    public void close() {
        // Files are opened and closed by each call.
    }

    private final class FileUpload extends Upload {

        private final Path target;
        private final Path temporary;
        private final FileChannel channel;
        private boolean committed;

        FileUpload(Path target, Path temporary, FileChannel channel) {
            this.target = target;
            this.temporary = temporary;
            this.channel = channel;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
            try {
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            } catch (IOException e) {
                throw FileFailure.at(temporary, e);
            }
        }

        @Override
        public void commit() throws IOException {
            reached.accept(Step.WRITTEN);
            channel.force(true);
            channel.close();
            reached.accept(Step.SYNCED);
            makeFolder(parentOf(target));
            reached.accept(Step.FOLDER_MADE);
            DurableFile.move(temporary, target);
            committed = true;
            reached.accept(Step.RENAMED);
        }

        /** Each new folder is durable before something is put into it. */
        private void makeFolder(Path folder) throws IOException {
            if (Files.isDirectory(folder)) {
                return;
            }
            Path above = parentOf(folder);
            makeFolder(above);
            PrivateFiles.createDirectories(folder);
            DurableFile.syncDirectory(above);
        }

        private static Path parentOf(Path file) {
            return Objects.requireNonNull(file.getParent(), "all lies below the root");
        }

        @Override
        public void close() throws IOException {
            channel.close();
            if (!committed) {
                Files.deleteIfExists(temporary);
            }
        }
    }
}
