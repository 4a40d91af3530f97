package io.quorate.build;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Takes the native libraries of other platforms out of the packaged jar: RocksDB comes with one for each of 15 platforms in
 * one jar. A step of the build that Maven runs after the jar was packaged, as a single file:
 *
 * <pre>java NativeLibraries.java JAR LIBRARY...</pre>
 *
 * where each LIBRARY is the name of an entry of RocksDB's jar to keep. All other entries are kept as they are, in their order
 * and with their times, so that the result is as reproducible as the jar was.
 */
final class NativeLibraries {

    private static final String CONTAINER = "BOOT-INF/lib/rocksdbjni-";
    private static final String PREFIX = "librocksdbjni-";

    private NativeLibraries() {}

    /**
     * Rewrites the jar in place.
     *
     * @param arguments the jar, then the libraries to keep
     */
    public static void main(String[] arguments) throws IOException {
        Path jar = Path.of(arguments[0]);
        Set<String> kept = Set.copyOf(List.of(arguments).subList(1, arguments.length));
        Path slim = jar.resolveSibling(jar.getFileName() + ".slim");
        int containers = 0;
        try (InputStream in = Files.newInputStream(jar);
                ZipInputStream from = new ZipInputStream(in);
                OutputStream out = Files.newOutputStream(slim);
                ZipOutputStream to = new ZipOutputStream(out)) {
            for (ZipEntry entry = from.getNextEntry(); entry != null; entry = from.getNextEntry()) {
                byte[] content = from.readAllBytes();
                if (entry.getName().startsWith(CONTAINER)) {
                    content = reduced(content, kept);
                    containers++;
                }
                write(to, entry, content);
            }
        }
        if (containers != 1) {
            throw new IllegalStateException(jar + " has " + containers + " entries " + CONTAINER + "*");
        }
        Files.move(slim, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    private static byte[] reduced(byte[] container, Set<String> kept) throws IOException {
        ByteArrayOutputStream reduced = new ByteArrayOutputStream();
        int found = 0;
        try (ZipInputStream from = new ZipInputStream(new ByteArrayInputStream(container));
                ZipOutputStream to = new ZipOutputStream(reduced)) {
            to.setLevel(Deflater.BEST_COMPRESSION);
            for (ZipEntry entry = from.getNextEntry(); entry != null; entry = from.getNextEntry()) {
                boolean isKept = kept.contains(entry.getName());
                if (isKept || !entry.getName().startsWith(PREFIX)) {
                    write(to, entry, from.readAllBytes());
                    found += isKept ? 1 : 0;
                }
            }
        }
        if (found != kept.size()) {
            throw new IllegalStateException("RocksDB's jar lacks one of " + kept);
        }
        return reduced.toByteArray();
    }

    /** Stored stays stored: the loader of nested jars reads them where they lie. */
    private static void write(ZipOutputStream to, ZipEntry entry, byte[] content) throws IOException {
        ZipEntry copy = new ZipEntry(entry.getName());
        copy.setTimeLocal(entry.getTimeLocal());
        copy.setMethod(entry.getMethod());
        if (entry.getMethod() == ZipEntry.STORED) {
            CRC32 sum = new CRC32();
            sum.update(content);
            copy.setCrc(sum.getValue());
            copy.setSize(content.length);
            copy.setCompressedSize(content.length);
        }
        to.putNextEntry(copy);
        to.write(content);
        to.closeEntry();
    }
}
