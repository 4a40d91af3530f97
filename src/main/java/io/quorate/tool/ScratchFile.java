package io.quorate.tool;

import io.quorate.base.FileFailure;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Temporary files with what clients wrote in them, which no one but their owner reads. Each has the id of its process in its name: what a
 * process leaves that is killed, the next one removes.
 */
final class ScratchFile {

    private static final Pattern NAME = Pattern.compile("quorate-[a-z]+-(\\d{1,18})-\\d+\\.db");

    private ScratchFile() {}

    /** The directory that is used where no option names one. */
    static Path usualDirectory() {
        return Path.of(System.getProperty("java.io.tmpdir"));
    }

    /**
     * Makes an empty file, and removes those of processes that ended.
     *
     * @param purpose part of the name, in small letters
     * @throws IOException naming the directory
     */
    static Path create(Path directory, String purpose) throws IOException {
        try {
            removeLeftovers(directory);
            Path file = Files.createTempFile(
                    directory,
                    "quorate-" + purpose + "-" + ProcessHandle.current().pid() + "-",
                    ".db");
            file.toFile().deleteOnExit(); // SIGINT and SIGTERM run no finally
            return file;
        } catch (IOException e) {
            throw FileFailure.at(directory, e);
        }
    }

    private static void removeLeftovers(Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "quorate-*-*.db")) {
            for (Path file : files) {
                Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
                if (name.matches() && Files.isWritable(file) && isLeft(file, Long.parseLong(name.group(1)))) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /** A process that began after the last write has only the same id. */
    private static boolean isLeft(Path file, long process) throws IOException {
        try {
            Instant written = Files.getLastModifiedTime(file).toInstant();
            return ProcessHandle.of(process)
                    .flatMap(living -> living.info().startInstant())
                    .map(begun -> begun.isAfter(written))
                    .orElse(ProcessHandle.of(process).isEmpty());
        } catch (NoSuchFileException gone) {
            return false;
        }
    }
}
