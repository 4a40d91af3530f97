package io.quorate.tool;

import io.quorate.base.Directories;
import io.quorate.base.FileFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Temporary files and directories with what clients wrote in them, which no one but their owner reads. Each has the id of
 * its process in its name: what a process leaves that is killed, the next one of the same user removes.
 */
final class ScratchFile {

    private static final Pattern NAME = Pattern.compile("quorate-[a-z]+-(\\d{1,18})-\\d+(\\.db)?");
    private static final String SUFFIX = ".db";

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
            Path file = Files.createTempFile(directory, prefix(purpose), SUFFIX);
            file.toFile().deleteOnExit(); // SIGINT and SIGTERM run no finally
            removeLeftovers(directory, Files.getOwner(file));
            return file;
        } catch (IOException e) {
            throw FileFailure.at(directory, e);
        }
    }

    /**
     * Makes an empty directory, and removes what processes left that ended.
     *
     * @param purpose part of the name, in small letters
     * @throws IOException naming the directory above
     */
    static Path createDirectory(Path directory, String purpose) throws IOException {
        try {
            Path made = Files.createTempDirectory(directory, prefix(purpose));
            removeLeftovers(directory, Files.getOwner(made));
            return made;
        } catch (IOException e) {
            throw FileFailure.at(directory, e);
        }
    }

    private static String prefix(String purpose) {
        return "quorate-" + purpose + "-" + ProcessHandle.current().pid() + "-";
    }

    /** Others may put anything under such a name into a directory for temporary files. */
    private static void removeLeftovers(Path directory, UserPrincipal own) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "quorate-*-*")) {
            for (Path file : files) {
                Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
                if (name.matches() && isLeft(file, own, Long.parseLong(name.group(1)))) {
                    remove(file);
                }
            }
        }
    }

    private static void remove(Path file) throws IOException {
        try {
            Directories.delete(file);
        } catch (NoSuchFileException gone) {
            return; // another command removes it as well
        } catch (UncheckedIOException e) {
            if (!(e.getCause() instanceof NoSuchFileException)) {
                throw e.getCause();
            }
        }
    }

    /** A process that began after the last write has only the same id. */
    private static boolean isLeft(Path file, UserPrincipal own, long process) throws IOException {
        try {
            if (!Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).equals(own)) {
                return false;
            }
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
