package io.quorate.backup.store;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/**
 * Keeps objects. Any thread may use it; each call blocks until the medium has answered, and ends soon when its thread is interrupted.
 *
 * <p>Names are made of small letters, digits and hyphens, with slashes between the folders; see {@link ObjectName#check}.
 */
public interface BackupStore extends Closeable {

    /**
     * An object.
     *
     * @param name with its folders
     * @param bytes of its content
     */
    record Item(String name, long bytes) {}

    /**
     * Lists the objects of a folder, not of those below it, in the order of their names.
     *
     * @param folder ends with a slash
     * @param after names up to this one are left out; empty for none
     * @param each gets one after the other
     * @throws IOException if the listing is not whole
     */
    void list(String folder, String after, Consumer<Item> each) throws IOException;

    /** The names of the folders at the top, without slashes, in order. */
    List<String> folders() throws IOException;

    /**
     * Opens an object.
     *
     * @throws java.nio.file.NoSuchFileException if there is none of the name
     * @throws IOException if it cannot be read; the stream throws too if it ends before the object does
     */
    InputStream read(String name) throws IOException;

    /** Begins to write an object. It takes the place of one that has the name. */
    Upload create(String name) throws IOException;

    /** Deletes an object; does nothing if there is none of the name. */
    void delete(String name) throws IOException;

    /** Removes what uploads left behind that were begun before a moment and never ended. */
    void removeUnfinished(Instant before) throws IOException;

    /** Where it is, for people, without credentials. */
    @Override
    String toString();

    @Override
    void close();
}
